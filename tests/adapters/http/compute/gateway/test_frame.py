"""The frame of the Compute door: versions, ids, refusals in Nova's words."""

from __future__ import annotations

import re

import pytest

from tests.kit.region import Region

AT = "openstack-api-version"


def test_versions_are_told_without_a_token(shared: Region) -> None:
    for path in ("/compute", "/compute/"):
        told = shared.get(path, as_=None)
        assert (told.status_code, told.json()["versions"][0]["id"]) == (200, "v2.1")
    for path in ("/compute/v2.1", "/compute/v2.1/"):
        told = shared.get(path, as_=None)
        assert told.json()["version"]["version"] == "2.104"
        assert told.headers[AT] == "compute 2.1"


@pytest.mark.parametrize(
    ("headers", "is_"),
    [
        ({}, "2.1"),
        ({AT: "compute 2.57"}, "2.57"),
        ({AT: "placement 1.2, Compute 2.57,identity 3"}, "2.57"),
        ({AT: "placement 1.2"}, "2.1"),
        ({AT: "compute 2.57", "x-openstack-nova-api-version": "2.60"}, "2.57"),
        ({"x-openstack-nova-api-version": "2.60"}, "2.60"),
        ({AT: "compute latest"}, "2.104"),
    ],
)
def test_a_request_is_made_in_the_microversion_of_its_headers(
    shared: Region, headers: dict[str, str], is_: str
) -> None:
    told = shared.get("/compute/v2.1/flavors", as_="reader", headers=headers)
    assert told.status_code == 200
    assert told.headers[AT] == f"compute {is_}"
    assert told.headers["x-openstack-nova-api-version"] == is_
    assert told.headers["vary"] == "OpenStack-API-Version, X-OpenStack-Nova-API-Version"


def test_a_request_has_an_id(shared: Region) -> None:
    one, other = (shared.get("/compute/v2.1/flavors") for _ in range(2))
    assert re.fullmatch("req-[0-9a-f-]{36}", one.headers["x-openstack-request-id"])
    assert one.headers["x-openstack-request-id"] == one.headers["x-compute-request-id"]
    assert one.headers["x-openstack-request-id"] != other.headers["x-openstack-request-id"]


@pytest.mark.parametrize(
    ("asked", "status", "kind", "message"),
    [
        ("GET /flavors/nope 2.1", 404, "itemNotFound", "Flavor nope could not be found."),
        ("GET /nope 2.1", 404, "itemNotFound", "The resource could not be found."),
        ("GET /flavors/%00 2.1", 404, "itemNotFound", "The resource could not be found."),
        (
            *("DELETE /flavors 2.1", 405, "badMethod"),
            "The method is not allowed for this resource.",
        ),
        (
            *("GET /flavors 2.200", 406, "computeFault"),
            "Version 2.200 is not supported by the API. Minimum is 2.1 and maximum is 2.104.",
        ),
        (
            *("GET /flavors bad", 400, "badRequest"),
            "API Version String bad is of invalid format. Must be of format MajorNum.MinorNum.",
        ),
        (
            *("GET /flavors?limit=x 2.1", 400, "badRequest"),
            "Invalid input for query parameters limit. Value: x. 'x' does not match '^[0-9]*$'",
        ),
        (
            *("GET /flavors?foo 2.75", 400, "badRequest"),
            "Additional properties are not allowed ('foo' was unexpected)",
        ),
    ],
)
def test_a_refusal_is_one_of_novas(
    shared: Region, asked: str, status: int, kind: str, message: str
) -> None:
    method, path, at = asked.split()
    told = shared.ask(method, f"/compute/v2.1{path}", headers={AT: f"compute {at}"})
    assert (told.status_code, told.json()) == (status, {kind: {"code": status, "message": message}})
    assert told.headers["x-openstack-request-id"].startswith("req-")


def test_a_request_without_a_token_is_refused_as_by_keystone(shared: Region) -> None:
    told = shared.get("/compute/v2.1/flavors", as_=None)
    assert (told.status_code, told.json()["error"]["title"]) == (401, "Unauthorized")
    assert told.headers["www-authenticate"].startswith("Keystone ")
    assert told.headers["x-openstack-request-id"].startswith("req-")


def test_a_token_comes_in_openstacks_header(shared: Region) -> None:
    headers = {"x-auth-token": shared.tokens["reader"]}
    assert shared.get("/compute/v2.1/flavors", as_=None, headers=headers).status_code == 200
