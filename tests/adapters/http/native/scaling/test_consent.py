"""Nothing more than was consented to: live, by migration, by restart, each its own permission."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from domain.shared.envelope import Envelope
from domain.shared.size import Size
from tests.adapters.http.native.test_problems import told
from tests.kit.building import rooms
from tests.kit.hypervisor import LARGE, SMALL, ScriptedHost, no_room, refuse
from tests.kit.region import HOST, NewRegion, Region, size

SECOND, THIRD = "host-2", "host-3"
# Beside what a host keeps for itself there is room for two small servers, not for small and large.
TIGHT, WIDE = Size(16, 2 * 4096 + 512), Size(64, 65536)
GROWN = {"instances": 2, "cores": 6, "ram": 12288}
TWO = {"instances": 2, "cores": 4, "ram": 8192}


def _region(new_region: NewRegion, **others: Size) -> tuple[Region, UUID]:
    """The first host is full with two servers, of which one is returned."""
    capacities = {HOST: TIGHT} | {name.replace("_", "-"): of for name, of in others.items()}
    region = new_region({name: ScriptedHost(of) for name, of in capacities.items()}).leading()
    rooms(region)
    region.adopted()
    return region, region.adopted()


def _held(region: Region) -> dict[str, dict[str, int]]:
    return {one["name"]: one["used"] for one in region.get("/v1/hosts").json()}


def _plan(region: Region, server: UUID, to: Size) -> dict[str, Any]:
    query = f"vcpus={to.vcpus}&memory_mib={to.memory_mib}"
    shown: dict[str, Any] = region.get(f"/v1/servers/{server}/plan?{query}").json()
    return shown


def _kinds(region: Region, server: UUID) -> list[str]:
    entries = region.get(f"/v1/history?server={server}").json()["items"]
    kinds = [entry["kind"] for entry in reversed(entries)]
    return [kind for kind in kinds if kind.startswith("server.")][2:]  # behind its adoption


# Consent


@pytest.mark.parametrize("consent", [None, "live", "restart"])
def test_a_scale_that_needs_a_migration_takes_no_other_consent(
    new_region: NewRegion, consent: str | None
) -> None:
    region, server = _region(new_region, host_2=WIDE)
    head = region.head
    document = told(region.scale(server, LARGE, consent=consent), 409, "needs-migration")
    assert document["consent"] == "migrate"
    # Which host has room, and what is lacking here, is for operators.
    assert not {"host", "lacking", "to_host"} & document.keys()
    assert region.head == head


@pytest.mark.parametrize("consent", [None, "live", "migrate"])
def test_a_scale_that_needs_a_restart_takes_no_other_consent(
    region: Region, consent: str | None
) -> None:
    region.host.envelope = Envelope(floor=SMALL, ceiling=SMALL, memory_by="dimm")
    server = region.adopted()
    head = region.head
    document = told(region.scale(server, LARGE, consent=consent), 409, "needs-restart")
    assert document["consent"] == "restart"
    assert region.head == head


def test_a_server_is_restarted_with_consent(region: Region) -> None:
    region.host.envelope = Envelope(floor=SMALL, ceiling=SMALL, memory_by="dimm")
    server = region.adopted()
    plan = _plan(region, server, LARGE)
    assert (plan["mode"], [step["what"] for step in plan["steps"]]) == (
        "restart",
        ["stop", "memory", "vcpus", "start"],
    )
    with region.carried():
        ended = region.ended(region.scaling(server, LARGE, consent="restart"))
    assert (ended["state"], ended["mode"], ended["size"]) == ("succeeded", "restart", size(LARGE))
    assert [call.ask for call in region.host.calls] == ["restart"]


@pytest.mark.parametrize("consent", ["migrate", "restart"])
def test_a_live_scale_stays_live_whatever_is_consented_to(region: Region, consent: str) -> None:
    server = region.adopted()
    with region.carried():
        ended = region.ended(region.scaling(server, LARGE, consent=consent))
    assert (ended["mode"], ended["consent"]) == ("live", consent)
    assert [call.ask for call in region.host.calls] == ["reconfigure"]


@pytest.mark.parametrize("consent", ["migrate", "restart"])
@pytest.mark.parametrize("who", ["live-member", "live-admin"])
def test_a_token_without_that_consent_may_not_give_it(
    region: Region, who: str, consent: str
) -> None:
    server = region.adopted()
    head = region.head
    told(region.scale(server, LARGE, consent=consent, as_=who), 403, "not-permitted")
    assert region.head == head
    assert region.scale(server, LARGE, consent="live", as_=who).status_code == 202


def test_an_unknown_consent_is_refused(region: Region) -> None:
    answer = region.scale(region.adopted(), LARGE, consent="anything")
    told(answer, 400, "body-invalid")


# The three cases of allocation


def test_a_server_stays_where_its_host_has_room(new_region: NewRegion) -> None:
    region, server = _region(new_region, host_2=WIDE)
    to = Size(4, 4096)  # vCPUs only
    assert _plan(region, server, to)["mode"] == "live"
    with region.carried():
        assert region.ended(region.scaling(server, to, consent="migrate"))["state"] == "succeeded"
    assert region.get(f"/v1/servers/{server}").json()["host"] == HOST


def test_a_server_migrates_to_room_elsewhere_and_is_scaled_there(new_region: NewRegion) -> None:
    region, server = _region(new_region, host_2=WIDE)
    plan = _plan(region, server, LARGE)
    assert (plan["mode"], plan["to_host"]) == ("migrate", SECOND)
    assert [step["what"] for step in plan["steps"]] == ["host", "memory", "vcpus"]
    accepted = region.scale(server, LARGE, consent="migrate").json()
    assert (accepted["mode"], accepted["to_host"]) == ("migrate", SECOND)
    # Until it has left, it is held on both.
    assert _held(region) == {HOST: size(Size(4, 8192)), SECOND: size(LARGE)}
    assert region.used() == GROWN
    with region.carried():
        ended = region.ended(accepted["operation"])
    assert (ended["state"], ended["size"], ended["to_host"]) == ("succeeded", size(LARGE), SECOND)
    assert region.get(f"/v1/servers/{server}").json()["host"] == SECOND
    assert region.hosts[SECOND].sizes == {server: LARGE}
    assert _held(region) == {HOST: size(SMALL), SECOND: size(LARGE)}
    assert region.used() == GROWN
    assert _kinds(region, server) == [
        "server.scale-requested",
        "server.migrated",
        "server.scale-confirmed",
    ]


def test_a_scale_without_room_anywhere_changes_nothing(new_region: NewRegion) -> None:
    region, server = _region(new_region, host_2=TIGHT)
    region.adopted(host=SECOND)
    head = region.head
    document = told(region.scale(server, LARGE, consent="migrate"), 409, "no-valid-host")
    assert document["would_fit"] == size(Size(4, 4096))
    assert (region.head, _plan(region, server, LARGE)["mode"]) == (head, "impossible")


def test_a_host_of_another_pool_or_that_is_disabled_is_no_other_host(
    new_region: NewRegion,
) -> None:
    region, server = _region(new_region, host_2=WIDE, host_3=WIDE)
    region.put(f"/v1/hosts/{SECOND}/terms", {"pool": "other"})
    region.put(f"/v1/hosts/{THIRD}/terms", {"enabled": False})
    told(region.scale(server, LARGE, consent="migrate"), 409, "no-valid-host")


# When a host turns out to have no room


def test_a_host_without_room_after_all_is_passed_over_for_another(new_region: NewRegion) -> None:
    region, server = _region(new_region, host_2=WIDE, host_3=WIDE)
    operation = region.scaling(server, LARGE, consent="migrate")
    region.host.tell(server, no_room)
    with region.carried():
        ended = region.ended(operation)
    assert (ended["state"], ended["to_host"]) == ("succeeded", THIRD)
    assert _held(region) == {HOST: size(SMALL), SECOND: size(Size(0, 0)), THIRD: size(LARGE)}
    assert _kinds(region, server) == [
        "server.scale-requested",
        "server.scale-retried",
        "server.migrated",
        "server.scale-confirmed",
    ]


def test_a_server_leaves_its_full_host_if_migration_was_consented_to(
    new_region: NewRegion,
) -> None:
    region = new_region({HOST: ScriptedHost(), SECOND: ScriptedHost()}).leading()
    rooms(region)
    servers = [region.adopted(), region.adopted()]
    for server in servers:
        region.host.tell(server, no_room)
    with region.carried():
        stays, goes = (
            region.ended(region.scaling(server, LARGE, consent=consent))
            for server, consent in zip(servers, ("live", "migrate"), strict=True)
        )
    assert (stays["state"], goes["state"]) == ("failed", "succeeded")
    assert _held(region) == {HOST: size(SMALL), SECOND: size(LARGE)}


@pytest.mark.parametrize(("retries", "calls"), [(0, 1), (1, 2), (2, 3)])
def test_retries_are_bounded(new_region: NewRegion, retries: int, calls: int) -> None:
    more = {f"host_{n}": WIDE for n in range(2, 7)}
    region, server = _region(new_region, **more)
    region.put("/v1/region/policy", {"scale_retries": retries})
    region.host.tell(server, *[no_room] * 9)
    with region.carried():
        ended = region.ended(region.scaling(server, LARGE, consent="migrate"))
    assert (ended["state"], len(region.host.calls)) == ("failed", calls)
    assert len({call.target for call in region.host.calls}) == calls  # none was tried twice
    assert (region.used(), _held(region)[HOST]) == (TWO, size(Size(4, 8192)))


def test_only_lack_of_room_is_retried(new_region: NewRegion) -> None:
    region, server = _region(new_region, host_2=WIDE, host_3=WIDE)
    region.host.tell(server, refuse)
    with region.carried():
        ended = region.ended(region.scaling(server, LARGE, consent="migrate"))
    assert (ended["state"], len(region.host.calls)) == ("failed", 1)
    assert region.used() == TWO


def test_a_server_migrated_and_not_scaled_has_its_old_size_there(
    new_region: NewRegion,
) -> None:
    region, server = _region(new_region, host_2=WIDE)
    region.hosts[SECOND].tell(server, refuse)
    with region.carried():
        ended = region.ended(region.scaling(server, LARGE, consent="migrate"))
    assert (ended["state"], ended["size"]) == ("failed", size(SMALL))
    shown = region.get(f"/v1/servers/{server}").json()
    assert (shown["host"], shown["size"]) == (SECOND, size(SMALL))
    assert region.hosts[SECOND].sizes == {server: SMALL}
    assert _held(region) == {HOST: size(SMALL), SECOND: size(SMALL)}
    assert region.used() == TWO
    with region.carried():  # and it is scaled there at the next request
        assert region.ended(region.scaling(server, LARGE))["state"] == "succeeded"


# Plans


def test_a_scale_by_its_plan_goes_as_planned(region: Region) -> None:
    server = region.adopted()
    version = _plan(region, server, LARGE)["version"]
    answer = region.post(f"/v1/servers/{server}/scale", {**size(LARGE), "plan": version})
    assert answer.status_code == 202


def test_a_plan_that_is_stale_is_refused(region: Region) -> None:
    server = region.adopted()
    planned = _plan(region, server, LARGE)["version"]
    ceiling = {"ceiling": size(Size(16, 65536))}
    assert region.put(f"/v1/servers/{server}/ceiling", ceiling).is_success
    head = region.head
    body = {**size(LARGE), "plan": planned}
    document = told(region.post(f"/v1/servers/{server}/scale", body), 412, "stale-plan")
    current = _plan(region, server, LARGE)["version"]
    assert (document["planned"], document["current"]) == (planned, current)
    assert region.head == head


def test_a_plan_whose_route_has_changed_is_refused(new_region: NewRegion) -> None:
    region, server = _region(new_region, host_2=WIDE, host_3=WIDE)
    planned = _plan(region, server, LARGE)
    region.put(f"/v1/hosts/{planned['to_host']}/terms", {"enabled": False})
    body = {**size(LARGE), "consent": "migrate", "plan": planned["version"]}
    told(region.post(f"/v1/servers/{server}/scale", body), 412, "stale-plan")


def test_a_plan_of_another_size_is_stale(region: Region) -> None:
    server = region.adopted()
    body = {**size(Size(3, 4096)), "plan": _plan(region, server, LARGE)["version"]}
    told(region.post(f"/v1/servers/{server}/scale", body), 412, "stale-plan")


@pytest.mark.parametrize("version", ["", "7", "7-xyz", "7-0123456789", 7])
def test_an_invalid_plan_version_is_refused(region: Region, version: object) -> None:
    body = {**size(LARGE), "plan": version}
    told(region.post(f"/v1/servers/{region.adopted()}/scale", body), 400, "body-invalid")
