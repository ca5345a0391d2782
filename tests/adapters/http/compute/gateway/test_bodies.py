"""Bodies at the Compute door: strict about what JSON says, and in Nova's words when it is wrong."""

from __future__ import annotations

import pytest

from tests.kit.region import Region

_PATH = "/compute/v2.1/flavors"
_GOOD = b'{"flavor": {"name": "%s", "ram": 512, "vcpus": 1, "disk": 1}}'


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"{", "Malformed request body"),
        (b'{"flavor": NaN}', "Malformed request body"),
        (b"\xff", "Malformed request body"),
        (b'{"flavor": "\\ud800"}', "Malformed request body"),
        (b"[" * 10_000, "Malformed request body"),
        (b'{"a": 1, "a": 1}', "Malformed request body: the field 'a' is given twice"),
        (b'{"a": ["\\u0000"]}', "Malformed request body: it has a NUL in it"),
        (b"", "None is not of type 'object'"),
        (b"[]", "[] is not of type 'object'"),
        (b"{}", "'flavor' is a required property"),
    ],
)
def test_an_invalid_body_is_refused(shared: Region, body: bytes, message: str) -> None:
    answer = shared.ask("POST", _PATH, content=body)
    assert (answer.status_code, answer.json()["badRequest"]["message"]) == (400, message)


def test_a_body_of_another_media_type_is_refused(shared: Region) -> None:
    headers = {"content-type": "application/xml"}
    answer = shared.ask("POST", _PATH, content=b"<a/>", headers=headers)
    told = {"badMediaType": {"code": 415, "message": "Unsupported Content-Type"}}
    assert (answer.status_code, answer.json()) == (415, told)


@pytest.mark.parametrize(
    "media",
    ["application/json; charset=utf-8", "text/plain", "application/vnd.openstack.compute+json"],
)
def test_a_body_that_nova_takes_for_json_is_taken(shared: Region, media: str) -> None:
    body = _GOOD % media.encode()
    answer = shared.ask("POST", _PATH, content=body, headers={"content-type": media})
    assert answer.status_code == 200, answer.text


def test_a_body_that_is_too_large_is_refused_with_or_without_a_length(
    shared: Region,
) -> None:
    body = b'{"flavor": "' + b"x" * 70_000 + b'"}'
    told = {"overLimit": {"code": 413, "message": "Request is too large."}}
    for content in (body, iter([body])):
        answer = shared.ask("POST", _PATH, content=content)
        assert (answer.status_code, answer.json()) == (413, told)
        assert answer.headers["x-openstack-request-id"].startswith("req-")
