"""A server's life through the Compute door."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest

from tests.adapters.http.compute.kit.serving import (
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
from tests.kit.hypervisor import Hang
from tests.kit.region import Answer, Region


@pytest.fixture(name="region", scope="module")
def _region(shared: Region) -> Iterator[Region]:
    with furnished(shared).carried():
        yield shared


def test_a_server_is_built_shown_listed_and_deleted(region: Region) -> None:
    answered = boot(region, name="web-1")
    server = answered.json()["server"]["id"]
    assert answered.headers["location"].endswith(f"/servers/{server}")
    shown = becomes(region, server, "ACTIVE")
    assert (shown["name"], shown["flavor"]["vcpus"], shown["flavor"]["ram"]) == ("web-1", 1, 64)
    listed = ask(region, "GET", "/servers").json()["servers"]
    assert server in {one["id"] for one in listed}
    assert ask(region, "DELETE", f"/servers/{server}").status_code == 204
    gone(region, server)


def test_a_server_is_resized_and_confirmed(region: Region) -> None:
    server = booted(region)
    assert act(region, server, resize={"flavorRef": LARGE}).status_code == 202
    shown = becomes(region, server, "VERIFY_RESIZE")
    assert shown["OS-EXT-STS:vm_state"] == "resized"
    assert shown["flavor"]["original_name"] == "m1.micro"
    assert act(region, server, confirmResize=None).status_code == 204
    assert show(region, server)["status"] == "ACTIVE"


def test_a_server_is_resized_and_reverted(region: Region) -> None:
    server = booted(region)
    assert act(region, server, resize={"flavorRef": LARGE}).status_code == 202
    becomes(region, server, "VERIFY_RESIZE")
    assert act(region, server, revertResize=None).status_code == 202
    assert becomes(region, server, "ACTIVE")["flavor"]["original_name"] == "m1.nano"


def test_a_renamed_server_keeps_its_host_name(region: Region) -> None:
    server = booted(region, name="Host One")
    for name in ("renamed", "again"):
        body = {"server": {"name": name}}
        assert ask(region, "PUT", f"/servers/{server}", body).status_code == 200
    shown = show(region, server)
    assert (shown["name"], shown["OS-EXT-SRV-ATTR:hostname"]) == ("again", "host-one")
    nameless = booted(region, name="…")
    assert show(region, nameless)["OS-EXT-SRV-ATTR:hostname"] == f"Server-{nameless}"


def test_changed_metadata_leave_the_rest_of_a_server(region: Region) -> None:
    server = booted(region, metadata={"a": "b"})
    assert act(region, server, resize={"flavorRef": LARGE}).status_code == 202
    becomes(region, server, "VERIFY_RESIZE")
    path, told = f"/servers/{server}/metadata", "Cannot '{}' instance {} while it is in vm_state {}"
    for method, of, body, action in (
        ("POST", path, {"metadata": {"c": "d"}}, "update metadata"),
        ("PUT", f"{path}/a", {"meta": {"a": "c"}}, "update metadata"),
        ("DELETE", f"{path}/a", None, "delete metadata"),
    ):
        words = told.format(action, server, "resized")
        assert message(ask(region, method, of, body)) == (409, words)
    assert act(region, server, confirmResize=None).status_code == 204
    assert ask(region, "DELETE", f"{path}/a").status_code == 204


def test_a_list_of_the_active_has_one_that_is_being_resized(region: Region) -> None:
    server, hang = booted(region), Hang()
    region.host.tell(UUID(server), hang)
    assert act(region, server, resize={"flavorRef": LARGE}).status_code == 202
    assert hang.began.wait(20.0)
    for status in ("ACTIVE", "RESIZE"):
        listed = ask(region, "GET", f"/servers?status={status}").json()["servers"]
        assert server in {one["id"] for one in listed}
    hang.release()
    becomes(region, server, "VERIFY_RESIZE")


def test_a_server_is_stopped_and_started(region: Region) -> None:
    server = booted(region)
    assert message(act(region, server, os_start=None)) == (
        409,
        f"Cannot 'start' instance {server} while it is in vm_state active",
    )
    assert act(region, server, os_stop=None).status_code == 202
    assert becomes(region, server, "SHUTOFF")["OS-EXT-STS:power_state"] == 4
    assert act(region, server, os_start=None).status_code == 202
    becomes(region, server, "ACTIVE")


def test_a_server_is_pinned_to_its_zone_and_unpinned(region: Region) -> None:
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
