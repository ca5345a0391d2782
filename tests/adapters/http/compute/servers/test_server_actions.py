"""What is done to a server, what stands against it, and what is told of it afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.adapters.http.compute.kit.serving import (
    LARGE,
    PATIENT,
    act,
    ask,
    becomes,
    boot,
    booted,
    flavor,
    furnished,
    gone,
    message,
    show,
)
from tests.kit.hypervisor import SMALL as SIZE
from tests.kit.hypervisor import Hang, refuse
from tests.kit.region import HOST, NewRegion, Region, until

BIG, BIGGER = "big", "bigger"


@pytest.fixture(name="region", scope="module")
def _region(shared: Region) -> Iterator[Region]:
    furnished(shared)
    specs = {"extra_specs": {"hw:max_vcpus": "8", "hw:max_memory_mb": "8192"}}
    for id_, vcpus in ((BIG, 2), (BIGGER, 4)):
        flavor(shared, id_, f"m1.{id_}", vcpus=vcpus, ram=vcpus * 1024)
        path = f"/flavors/{id_}/os-extra_specs"
        assert ask(shared, "POST", path, specs, as_="admin").status_code == 200
    with shared.carried(pace=PATIENT):
        yield shared


def actions(region: Region, server: str, query: str = "", *, at: str = "2.104") -> list[Any]:
    listed = ask(region, "GET", f"/servers/{server}/os-instance-actions{query}", at=at)
    assert listed.status_code == 200, listed.text
    found: list[Any] = listed.json()["instanceActions"]
    return found


def events(region: Region, server: str, request: str, *, as_: str = "admin") -> list[Any]:
    path = f"/servers/{server}/os-instance-actions/{request}"
    found: list[Any] = ask(region, "GET", path, as_=as_).json()["instanceAction"]["events"]
    return found


def hanging(region: Region, server: str) -> Hang:
    hang = Hang()
    region.host.tell(UUID(server), hang)
    return hang


@pytest.mark.parametrize(
    ("action", "told"),
    [
        ({"os-start": None}, "Cannot 'start' instance {} while it is in vm_state active"),
        (
            {"confirmResize": None},
            "Cannot 'confirmResize' instance {} while it is in vm_state active",
        ),
        (
            {"revertResize": None},
            "Cannot 'revertResize' instance {} while it is in vm_state active",
        ),
    ],
)
def test_an_action_in_the_wrong_state_is_refused(region: Region, action: Any, told: str) -> None:
    server = booted(region)
    refused = ask(region, "POST", f"/servers/{server}/action", action)
    assert message(refused) == (409, told.format(server))


def test_a_server_being_resized_says_so_and_takes_no_action(region: Region) -> None:
    server = booted(region)
    hang = hanging(region, server)
    assert act(region, server, resize={"flavorRef": LARGE}).status_code == 202
    shown = show(region, server)
    assert (shown["status"], shown["OS-EXT-STS:task_state"]) == ("RESIZE", "resize_prep")
    until(hang.began.is_set)
    told = "Cannot '{}' instance {} while it is in task_state resize_prep"
    assert message(act(region, server, os_stop=None)) == (409, told.format("stop", server))
    deleted = ask(region, "DELETE", f"/servers/{server}")
    assert message(deleted) == (409, told.format("delete", server))
    hang.release()
    becomes(region, server, "VERIFY_RESIZE")
    assert message(act(region, server, resize={"flavorRef": LARGE})) == (
        409,
        f"Cannot 'resize' instance {server} while it is in vm_state resized",
    )
    assert act(region, server, revertResize=None).status_code == 202
    becomes(region, server, "ACTIVE")


def test_a_stopped_server_is_resized_and_stays_stopped(region: Region) -> None:
    server = booted(region)
    assert act(region, server, os_stop=None).status_code == 202
    becomes(region, server, "SHUTOFF")
    assert act(region, server, resize={"flavorRef": LARGE}).status_code == 202
    assert becomes(region, server, "VERIFY_RESIZE")["OS-EXT-STS:power_state"] == 4
    assert act(region, server, confirmResize=None).status_code == 204
    assert show(region, server)["status"] == "SHUTOFF"


@pytest.mark.parametrize(
    "name", ["reboot", "rebuild", "createImage", "migrate", "os-migrateLive", "shelve", "foo"]
)
def test_an_unknown_action_is_refused(region: Region, name: str) -> None:
    asked = ask(region, "POST", f"/servers/{uuid4()}/action", {name: None})
    assert message(asked) == (400, f"There is no such action: {name}")


def test_a_running_server_is_scaled_by_numbers_or_by_a_flavor(region: Region) -> None:
    server = booted(region, flavorRef=BIG)
    hang = hanging(region, server)
    assert act(region, server, scale={"vcpus": 3, "reason": "busy"}).status_code == 202
    shown = show(region, server)
    assert (shown["status"], shown["OS-EXT-STS:task_state"]) == ("ACTIVE", "scaling")
    hang.release()
    until(lambda: show(region, server)["flavor"]["vcpus"] == 3)
    until(lambda: show(region, server)["OS-EXT-STS:task_state"] is None)
    assert act(region, server, scale={"flavorRef": BIGGER}).status_code == 202
    until(lambda: show(region, server)["flavor"]["ram"] == 4096)
    assert show(region, server)["flavor"]["original_name"] == "m1.big"
    assert [one["action"] for one in actions(region, server)] == ["scale", "scale", "create"]


@pytest.mark.parametrize(
    ("scale", "status", "told"),
    [
        ({"vcpus": 9}, 400, "is above the server's ceiling of 8 vCPUs / 8192 MiB"),
        ({"vcpus": 2}, 409, "The server already has 2 vCPUs / 2048 MiB."),
        ({"vcpus": 0}, 400, "0 is less than the minimum of 1"),
        ({"vcpus": "4"}, 400, "'4' is not of type 'integer'"),
        ({"flavorRef": "nope"}, 400, "Flavor nope could not be found."),
        ({"disk": 4}, 400, "Additional properties are not allowed"),
        ({"flavorRef": BIGGER, "vcpus": 2}, 400, "by numbers or by a flavor"),
        ({}, 400, "by numbers or by a flavor"),
    ],
)
def test_a_scale_that_cannot_be_is_refused(
    region: Region, scale: dict[str, Any], status: int, told: str
) -> None:
    server = booted(region, flavorRef=BIG)
    found = message(act(region, server, scale=scale))
    assert found[0] == status
    assert told in found[1]


def test_a_scale_above_the_quota_says_what_would_fit(region: Region) -> None:
    server = booted(region, flavorRef=BIG, as_="foreign-member")
    region.limits("other", cores=4)
    refused = act(region, server, scale={"vcpus": 6}, as_="foreign-member")
    assert message(refused) == (
        403,
        (
            "Quota exceeded for cores: Requested 4, but already used 2 of 4 cores. "
            "4 vCPUs / 2048 MiB would fit."
        ),
    )
    region.limits("other", cores=-1)


def test_a_token_without_a_consent_cannot_give_it_to_an_action(region: Region) -> None:
    server = booted(region, flavorRef=BIG)
    refused = act(region, server, scale={"vcpus": 3, "consent": "restart"}, as_="live-member")
    assert refused.status_code == 403


def test_a_failed_action_shows_why(region: Region) -> None:
    server = booted(region)
    region.host.tell(UUID(server), refuse)
    accepted = act(region, server, resize={"flavorRef": LARGE})
    until(lambda: actions(region, server)[0]["message"])
    latest = actions(region, server)[0]
    assert latest["request_id"] == accepted.headers["x-openstack-request-id"]
    assert latest["message"] == "Error"
    (event,) = events(region, server, latest["request_id"])
    assert (event["event"], event["result"]) == ("compute_resize_instance", "Error")
    assert (event["host"], event["traceback"], event["details"]) == (
        HOST,
        None,
        "the guest does not let go of its memory",
    )


def test_members_see_less_of_an_action_than_overseers(region: Region) -> None:
    server = booted(region)
    request = actions(region, server)[0]["request_id"]
    (event,) = events(region, server, request, as_="reader")
    assert event.keys() == {"event", "start_time", "finish_time", "result", "hostId"}
    path = f"/servers/{server}/os-instance-actions/{request}"
    assert "events" not in ask(region, "GET", path, at="2.50").json()["instanceAction"]


def test_instance_actions_are_paged(region: Region) -> None:
    server = booted(region)
    assert act(region, server, os_stop=None).status_code == 202
    becomes(region, server, "SHUTOFF")
    assert act(region, server, os_start=None).status_code == 202
    becomes(region, server, "ACTIVE")
    seen: list[str] = []
    path = f"/servers/{server}/os-instance-actions?limit=1"
    answered = ask(region, "GET", path).json()
    while answered["instanceActions"]:
        seen += [one["action"] for one in answered["instanceActions"]]
        path = answered["links"][0]["href"].partition("/v2.1")[2]
        answered = ask(region, "GET", path).json()
    assert seen == ["start", "stop", "create"]
    assert actions(region, server, "?changes-before=2020-01-01T00:00:00Z") == []
    assert len(actions(region, server, "?changes-since=2020-01-01T00:00:00Z")) == 3
    nowhere = f"/servers/{server}/os-instance-actions?marker=req-{uuid4()}"
    assert ask(region, "GET", nowhere).status_code == 400


def test_actions_of_a_deleted_server_are_shown_from_2_21_on(region: Region) -> None:
    server = booted(region)
    assert ask(region, "DELETE", f"/servers/{server}").status_code == 204
    assert ask(region, "DELETE", f"/servers/{server}").status_code in {204, 404}
    gone(region, server)
    assert [one["action"] for one in actions(region, server, at="2.21")] == ["delete", "create"]
    path = f"/servers/{server}/os-instance-actions"
    assert ask(region, "GET", path, at="2.20").status_code == 404
    assert ask(region, "GET", path, as_="foreign-reader").status_code == 404


def test_an_adopted_server_has_a_create_action(region: Region) -> None:
    server = str(region.adopted())
    assert [one["action"] for one in actions(region, server)] == ["create"]
    shown = show(region, server)
    assert (shown["image"], shown["flavor"]["vcpus"]) == ("", SIZE.vcpus)


def test_a_failed_build_shows_why_and_is_discarded(new_region: NewRegion) -> None:
    region = furnished(new_region().leading())
    server = boot(region).json()["server"]["id"]
    region.host.tell(UUID(server), refuse)
    with region.carried():
        fault = becomes(region, server, "ERROR")["fault"]
        assert fault["message"] == "the guest does not let go of its memory"
        changed = ask(region, "PUT", f"/servers/{server}", {"server": {"name": "broken"}})
        assert changed.json()["server"]["name"] == "broken"
        assert act(region, server, os_start=None).status_code == 409
        assert ask(region, "DELETE", f"/servers/{server}").status_code == 204
    assert ask(region, "GET", f"/servers/{server}").status_code == 404
    assert [one["action"] for one in actions(region, server)] == ["delete", "create"]
