"""A server's life through the Compute door."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.adapters.compute.serving import (
    LARGE,
    act,
    ask,
    becomes,
    boot,
    booted,
    furnished,
    gone,
    message,
    show,
)
from tests.region import Answer, Region


@pytest.fixture(name="region", scope="module")
def _region(shared: Region) -> Iterator[Region]:
    with furnished(shared).carried():
        yield shared


def test_it_is_built_shown_listed_and_deleted(region: Region) -> None:
    answered = boot(region, name="web-1")
    server = answered.json()["server"]["id"]
    assert answered.headers["location"].endswith(f"/servers/{server}")
    shown = becomes(region, server, "ACTIVE")
    assert (shown["name"], shown["flavor"]["vcpus"], shown["flavor"]["ram"]) == ("web-1", 1, 64)
    listed = ask(region, "GET", "/servers").json()["servers"]
    assert server in {one["id"] for one in listed}
    assert ask(region, "DELETE", f"/servers/{server}").status_code == 204
    gone(region, server)


def test_it_is_resized_and_that_is_confirmed(region: Region) -> None:
    server = booted(region)
    assert act(region, server, resize={"flavorRef": LARGE}).status_code == 202
    shown = becomes(region, server, "VERIFY_RESIZE")
    assert shown["OS-EXT-STS:vm_state"] == "resized"
    assert shown["flavor"]["original_name"] == "m1.micro"
    assert act(region, server, confirmResize=None).status_code == 204
    assert show(region, server)["status"] == "ACTIVE"


def test_it_is_resized_and_that_is_reverted(region: Region) -> None:
    server = booted(region)
    assert act(region, server, resize={"flavorRef": LARGE}).status_code == 202
    becomes(region, server, "VERIFY_RESIZE")
    assert act(region, server, revertResize=None).status_code == 202
    assert becomes(region, server, "ACTIVE")["flavor"]["original_name"] == "m1.nano"


def test_it_is_stopped_and_started(region: Region) -> None:
    server = booted(region)
    assert message(act(region, server, os_start=None)) == (
        409,
        f"Cannot 'start' instance {server} while it is in vm_state active",
    )
    assert act(region, server, os_stop=None).status_code == 202
    assert becomes(region, server, "SHUTOFF")["OS-EXT-STS:power_state"] == 4
    assert act(region, server, os_start=None).status_code == 202
    becomes(region, server, "ACTIVE")


def test_it_is_pinned_to_its_zone_and_let_go(region: Region) -> None:
    server = booted(region)

    def pin(zone: str | None) -> Answer:
        body = {"server": {"pinned_availability_zone": zone}}
        return ask(region, "PUT", f"/servers/{server}", body)

    assert message(pin("mars")) == (
        409,
        (
            "Server can only be pinned to its current availability zone 'nova', but 'mars' was "
            "requested."
        ),
    )
    assert pin("nova").json()["server"]["pinned_availability_zone"] == "nova"
    assert message(pin("mars")) == (
        409,
        (
            "Cannot change pinned availability zone directly. Unpin first by setting "
            "pinned_availability_zone to null."
        ),
    )
    assert pin(None).json()["server"]["pinned_availability_zone"] is None
