"""Another flavor by way of a restart: asked, done, then confirmed or reverted."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from tests.kit.building import built, flavor, rooms
from tests.kit.region import Answer, Region


@pytest.fixture(name="region")
def _region(region: Region) -> Region:
    rooms(region)
    return region


def resize(region: Region, server: UUID, to: str, **how: Any) -> Answer:
    return region.post(f"/v1/servers/{server}/resize", {"flavor": to}, **how)


def shown(region: Region, server: UUID) -> dict[str, Any]:
    found: dict[str, Any] = region.get(f"/v1/servers/{server}").json()
    return found


def cores(region: Region) -> int:
    return region.used()["cores"]


def test_a_resize_holds_both_until_it_is_confirmed(region: Region) -> None:
    small = flavor(region, vcpus=1, memory_mib=1024)
    with region.carried():
        server = built(region)
        was = shown(region, server)["flavor"]
        accepted = resize(region, server, small, as_="member")
        assert accepted.status_code == 202
        operation = accepted.json()["operation"]
        assert accepted.headers["location"] == f"/v1/operations/{operation}"
        assert region.ended(operation)["state"] == "succeeded"
    now = shown(region, server)
    assert (now["flavor"], now["size"]["vcpus"], now["resized_from"]["flavor"]) == (small, 1, was)
    assert cores(region) == 2
    assert resize(region, server, was).json()["type"] == "urn:ullage:problem:resize-unconfirmed"
    confirmed = region.post(f"/v1/servers/{server}/resize/confirm", {}, as_="member")
    assert confirmed.status_code == 200
    assert (cores(region), shown(region, server)["resized_from"]) == (1, None)
    again = region.post(f"/v1/servers/{server}/resize/confirm", {})
    assert (again.status_code, again.json()["type"]) == (409, "urn:ullage:problem:not-resized")


def test_a_resize_is_reverted(region: Region) -> None:
    large = flavor(region, vcpus=4, memory_mib=8192)
    with region.carried():
        server = built(region)
        was = shown(region, server)["flavor"]
        region.ended(resize(region, server, large).json()["operation"])
        assert cores(region) == 4
        waiting = {"prefer": "wait=20"}
        reverted = region.post(f"/v1/servers/{server}/resize/revert", {}, headers=waiting)
        assert (reverted.status_code, reverted.json()["state"]) == (200, "succeeded")
    now = shown(region, server)
    assert (now["flavor"], now["size"]["vcpus"], cores(region)) == (was, 2, 2)
    assert region.post(f"/v1/servers/{server}/resize/revert", {}).status_code == 409


def test_a_resize_restarts_so_the_token_must_be_let_consent(region: Region) -> None:
    server, to = region.adopted(), flavor(region)
    for as_ in ("live-member", "live-admin"):
        assert resize(region, server, to, as_=as_).status_code == 403
        reverted = region.post(f"/v1/servers/{server}/resize/revert", {}, as_=as_)
        assert reverted.status_code == 403


def test_a_resize_is_within_the_quota_and_the_host(region: Region) -> None:
    server, to = region.adopted(), flavor(region, vcpus=4, memory_mib=8192)
    region.limits(cores=3)
    refused = resize(region, server, to)
    assert (refused.status_code, refused.json()["type"]) == (
        403,
        "urn:ullage:problem:quota-exceeded",
    )
    region.limits(cores=-1, ram=-1)
    vast = flavor(region, vcpus=4096, memory_mib=2**26, extra_specs={})
    assert resize(region, server, vast).json()["type"] == "urn:ullage:problem:no-valid-host"


def test_a_flavor_that_is_not_there_or_hidden_is_absent(region: Region) -> None:
    server, hidden = region.adopted(), flavor(region, public=False)
    for to in ("nope", hidden):
        answered = resize(region, server, to, as_="member")
        assert (answered.status_code, answered.json()["what"]) == (404, "flavor")
    foreign = region.adopted(project="other")
    for path in ("resize", "resize/confirm", "resize/revert"):
        body = {"flavor": flavor(region)} if path == "resize" else {}
        answered = region.post(f"/v1/servers/{foreign}/{path}", body, as_="member")
        assert answered.status_code == 404
