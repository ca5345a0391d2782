"""A body is right in every way or it is a 4xx problem: never a 5xx, and nothing is recorded."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat
from uuid import UUID

import msgspec
import pytest

from tests.adapters.http.kit.refused import assert_refused
from tests.adapters.http.native.wrong_bodies import BODIES, SCALE
from tests.kit.hypervisor import LARGE
from tests.kit.region import Region

OTHER_ROUTES = (
    ("POST", "/v1/adoptions"),
    ("POST", "/v1/servers"),
    ("PUT", "/v1/servers/{server}/ceiling"),
    ("PUT", "/v1/projects/demo/quota"),
    ("POST", "/v1/flavors"),
    ("POST", "/v1/images"),
    ("PUT", "/v1/windows/night"),
    ("POST", "/v1/scales"),
    ("POST", "/v1/servers/{server}/schedules"),
    ("POST", "/v1/servers/{server}/recommendations"),
    ("PUT", "/v1/servers/{server}/autoscaling"),
    ("POST", "/v1/outcomes"),
    ("PUT", "/v1/projects/demo/users/ada/quota"),
    ("PUT", "/v1/projects/demo/shared-quota"),
    ("PUT", "/v1/projects/demo/parent"),
    ("PUT", "/v1/quota-classes/default"),
    ("POST", "/v1/server-groups"),
    ("POST", "/v1/servers/{server}/resize"),
)


@pytest.fixture(scope="module")
def server(shared: Region) -> UUID:
    return shared.adopted()


@pytest.mark.parametrize("what", BODIES)
def test_a_body_that_is_not_right_is_refused(shared: Region, server: UUID, what: str) -> None:
    head = shared.head
    answer = shared.post(f"/v1/servers/{server}/scale", content=BODIES[what])
    assert_refused(answer, 400)
    assert shared.head == head


@pytest.mark.parametrize(("method", "path"), OTHER_ROUTES)
def test_other_routes_refuse_such_bodies_too(
    shared: Region, server: UUID, method: str, path: str
) -> None:
    head = shared.head
    as_ = "service" if path == "/v1/outcomes" else "admin"
    for body in BODIES.values():
        answer = shared.ask(method, path.format(server=server), content=body, as_=as_)
        assert_refused(answer, 400)
    assert shared.head == head


@pytest.mark.parametrize("content", [b"[" * 100_000, SCALE + b" " * 65 * 1024, b" " * 9_000_000])
def test_a_body_above_64_kib_is_refused(shared: Region, server: UUID, content: bytes) -> None:
    head = shared.head
    answer = shared.post(f"/v1/servers/{server}/scale", content=content)
    assert_refused(answer, 413)
    assert shared.head == head


@pytest.mark.parametrize("kib", [65, 9_000, 11_000])
def test_a_body_above_64_kib_without_a_length_is_refused(
    shared: Region, server: UUID, kib: int
) -> None:
    head = shared.head
    answer = shared.post(f"/v1/servers/{server}/scale", content=_chunks(kib))
    assert_refused(answer, 413)
    assert shared.head == head


def _chunks(kib: int) -> Iterator[bytes]:
    yield SCALE
    yield from repeat(b" " * 1024, kib)


@pytest.mark.parametrize(
    "media",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "application/msgpack",
        "application/jsonx",
        "",
    ],
)
def test_a_body_of_another_media_type_is_refused(shared: Region, server: UUID, media: str) -> None:
    head = shared.head
    answer = shared.post(
        f"/v1/servers/{server}/scale", content=SCALE, headers={"content-type": media}
    )
    assert_refused(answer, 400)
    assert shared.head == head


def test_a_field_given_twice_is_refused(shared: Region) -> None:
    server = shared.adopted()
    head = shared.head
    twice = b'{"vcpus":3,"vcpus":4,"memory_mib":8192}'
    assert_refused(shared.post(f"/v1/servers/{server}/scale", content=twice), 400)
    assert shared.head == head


def test_a_body_of_exactly_64_kib_is_read(shared: Region) -> None:
    server = shared.adopted()
    padded = SCALE + b" " * (64 * 1024 - len(SCALE))
    assert shared.post(f"/v1/servers/{server}/scale", content=padded).status_code == 202


def test_the_media_type_may_name_its_character_set(shared: Region) -> None:
    server = shared.adopted()
    answer = shared.post(
        f"/v1/servers/{server}/scale",
        content=SCALE,
        headers={"content-type": "Application/JSON; charset=utf-8"},
    )
    assert answer.status_code == 202


@pytest.mark.parametrize(
    "reason", ["a\0b", "a\nb", "\x7f", "x" * 1001], ids=["NUL", "line end", "DEL", "too long"]
)
def test_a_relays_report_cannot_bring_a_nul(shared: Region, reason: str) -> None:
    operation = shared.scaling(server := shared.adopted(), LARGE)
    head = shared.head
    told = {"server": str(server), "operation": operation, "reason": reason}
    body = {"outcomes": [{"outcome": "failed", **told}]}
    assert_refused(shared.post("/v1/outcomes", body, as_="service"), 400)
    assert shared.head == head


@pytest.mark.parametrize(
    "path",
    [
        "/v1/servers/%00",
        "/v1/servers/not-a-uuid",
        f"/v1/servers/{UUID(int=5)}%00",
        "/v1/projects/%00/quota",
        "/v1/projects/a%00b/limits",
        "/v1/projects/a%0Ab/limits",
        "/v1/projects/%FF%FE/limits",
        "/v1/projects/a%2Fb/limits",
        "/v1/projects/..%2F..%2Fetc/limits",
        "/v1/projects/%F0%9F%92%A9/limits",
        f"/v1/projects/{'x' * 256}/limits",
        "/v1/servers?project=%00",
        "/v1/servers?host=a%00b",
        "/v1/servers?limit=0",
        "/v1/servers?limit=1001",
        "/v1/servers?limit=ten",
        "/v1/servers?after=-1",
        "/v1/servers?after=9223372036854775808",
        "/v1/operations?state=lost",
        "/v1/operations?server=%00",
        "/v1/history?actor=%00",
        "/v1/history?kind=%00",
        "/v1/history?since=%00",
        "/v1/history?since=yesterday",
        "/v1/history?since=0.5",
        "/v1/history?since=1767225600",
        "/v1/history?since=2026-02-30T00:00:00Z",
        "/v1/history?until=2026-01-01T25:00:00Z",
        "/v1/history?since=2026-01-01T00:00:00",
        "/v1/nothing",
        "/v2/servers",
        "/v1/servers//scale",
        "/%00",
    ],
)
def test_a_path_that_is_not_right_is_refused(shared: Region, path: str) -> None:
    head = shared.head
    assert_refused(shared.get(path), 400, 404)
    assert shared.head == head


@pytest.mark.parametrize(
    "query",
    [
        "",
        "vcpus=4",
        "vcpus=four&memory_mib=1024",
        "vcpus=4.5&memory_mib=1024",
        "vcpus=%D9%A4&memory_mib=1024",
        "vcpus=0&memory_mib=1024",
        "vcpus=-4&memory_mib=1024",
        "vcpus=1e999&memory_mib=1024",
        "vcpus=NaN&memory_mib=1024",
        "vcpus=&memory_mib=1024",
        "vcpus=4&memory_mib=67108865",
        f"vcpus={'9' * 5000}&memory_mib=1024",
    ],
)
def test_a_plan_needs_a_size(shared: Region, server: UUID, query: str) -> None:
    assert_refused(shared.get(f"/v1/servers/{server}/plan?{query}"), 400)


@pytest.mark.parametrize(
    "key",
    ["a b", "é".encode(), "a\tb", "x" * 256, "", b"\xff"],
    ids=["a blank", "UTF-8", "a tab", "too long", "nothing", "no UTF-8"],
)
def test_an_idempotency_key_is_visible_ascii(
    shared: Region, server: UUID, key: str | bytes
) -> None:
    head = shared.head
    headers = {b"idempotency-key": key if isinstance(key, bytes) else key.encode()}
    answer = shared.post(f"/v1/servers/{server}/scale", content=SCALE, headers=headers)
    assert_refused(answer, 400)
    assert shared.head == head


@pytest.mark.parametrize("match", ["12", '"a"', '"-1"', "x", '"1","2"', '"' + "9" * 19 + '"'])
def test_an_if_match_names_a_version(shared: Region, match: str) -> None:
    head = shared.head
    answer = shared.put(
        "/v1/projects/demo/quota", {"limits": {"cores": 7}}, headers={"if-match": match}
    )
    assert_refused(answer, 400)
    assert shared.head == head


def test_a_bug_of_a_caller_is_told_in_words(shared: Region, server: UUID) -> None:
    content = msgspec.json.encode({"vcpus": "4", "memory_mib": 8192})
    answer = shared.post(f"/v1/servers/{server}/scale", content=content)
    assert answer.json() == {
        "type": "urn:ullage:problem:body-invalid",
        "title": "Body invalid",
        "status": 400,
        "detail": 'vcpus is "4", but must be a whole number.',
    }
