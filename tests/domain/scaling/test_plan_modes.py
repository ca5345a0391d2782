"""A plan tells how a scale would go, in which steps, and is named so that it can be held to."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from domain.catalogue.region_policy import RegionRules
from domain.quota import ProjectQuota
from domain.scaling.assess import Scale
from domain.scaling.plan import Plan, PlanStep, plan
from domain.server import Server
from domain.shared.errors import (
    NeedsMigration,
    NeedsRestart,
    NothingToChange,
    NotScalable,
    NoValidHost,
)
from domain.shared.size import Size
from tests.domain.hosts.hosts import Region, room
from tests.domain.quota.quotas import path
from tests.kit.examples import ADOPTED, DECLARED, ENVELOPE, HOST, LARGE, SMALL, TINY
from tests.kit.scenario import given

SERVER = given(Server, ADOPTED, DECLARED).state
STOPPED = replace(SERVER, power="stopped")
FULL, EMPTY = room(SMALL, used=SMALL), room()
ROOMY = Region(host_1=EMPTY, host_2=EMPTY)
CROWDED = Region(host_1=FULL, host_2=EMPTY)
USED = {"instances": 1, "cores": 2, "ram": 4096}


def planned(server: Server, to: Size, hosts: Region, version: int = 3) -> Plan:
    quota = ProjectQuota(used=USED)
    return plan(Scale(server=server, quota=path(quota), to=to, hosts=hosts, version=version))


def kinds(found: Plan) -> list[type]:
    return [type(obstacle) for obstacle in found.obstacles]


def test_a_migration_comes_before_the_change_and_memory_before_vcpus() -> None:
    found = planned(SERVER, LARGE, CROWDED)
    assert (found.mode, found.to_host, kinds(found)) == ("migrate", "host-2", [NeedsMigration])
    assert found.steps == [
        PlanStep(what="host", was=HOST, to="host-2", by="live-migration", undo="best-effort"),
        PlanStep(what="memory", was=4096, to=8192, by="virtio-mem", undo="best-effort"),
        PlanStep(what="vcpus", was=2, to=4, by="hotplug", undo="yes"),
    ]


def test_a_restart_stops_changes_the_definition_and_starts() -> None:
    low = replace(SERVER, envelope=replace(ENVELOPE, ceiling=SMALL))
    found = planned(low, LARGE, ROOMY)
    assert (found.mode, kinds(found)) == ("restart", [NeedsRestart])
    assert found.steps == [
        PlanStep(what="stop", was="running", to="stopped", by="shutdown", undo="yes"),
        PlanStep(what="memory", was=4096, to=8192, by="definition", undo="yes"),
        PlanStep(what="vcpus", was=2, to=4, by="definition", undo="yes"),
        PlanStep(what="start", was="stopped", to="running", by="boot", undo="yes"),
    ]


def test_a_stopped_server_has_its_definition_changed_whatever_its_envelope() -> None:
    found = planned(STOPPED, Size(1, 1000), ROOMY)
    assert (found.mode, found.obstacles) == ("stopped", [])
    assert [step.by for step in found.steps] == ["definition", "definition"]


def test_impossible_names_what_stands_against_it_and_takes_no_step() -> None:
    found = planned(SERVER, LARGE, Region(host_1=FULL))
    assert (found.mode, found.to_host, found.steps) == ("impossible", None, [])
    assert kinds(found) == [NoValidHost]
    assert found.nearest is None


def test_a_plan_is_impossible_where_a_flag_forbids_scaling() -> None:
    closed = Scale(
        server=replace(SERVER, scalable=False),
        quota=path(ProjectQuota(used=USED)),
        to=LARGE,
        hosts=ROOMY,
        rules=RegionRules(scaling=False),
    )
    found = plan(closed)
    assert (found.mode, kinds(found)) == ("impossible", [NotScalable])
    assert vars(found.obstacles[0])["closed"] == ("region", "server")


def test_the_size_that_it_has_is_no_plan() -> None:
    assert kinds(planned(SERVER, SMALL, ROOMY)) == [NothingToChange]


def test_the_room_on_its_host_bounds_the_nearest_live_size() -> None:
    tight = Region(host_1=room(Size(3, 6000), used=SMALL), host_2=EMPTY)
    assert planned(SERVER, LARGE, tight).nearest == Size(3, 5888)


@pytest.mark.parametrize(
    ("server", "to", "hosts", "version"),
    [
        (SERVER, LARGE, ROOMY, 4),
        (SERVER, Size(4, 8064), ROOMY, 3),
        (SERVER, LARGE, CROWDED, 3),
        (STOPPED, LARGE, ROOMY, 3),
        (SERVER, LARGE, Region(host_1=FULL), 3),
    ],
    ids=["the server changed", "another size", "another way", "another mode", "no way any more"],
)
def test_a_plan_has_another_version_once_it_would_go_another_way(
    server: Server, to: Size, hosts: Region, version: int
) -> None:
    now = planned(SERVER, LARGE, ROOMY)
    assert planned(SERVER, LARGE, ROOMY).version == now.version
    assert planned(server, to, hosts, version).version != now.version


def test_a_plan_has_another_version_for_another_host() -> None:
    third = Region(host_1=FULL, host_2=room(LARGE), host_3=EMPTY)
    assert planned(SERVER, LARGE, CROWDED).version != planned(SERVER, LARGE, third).version


def test_a_stopped_server_that_does_not_count_uses_no_more_when_it_grows() -> None:
    uncounted = replace(STOPPED, counted=False)
    quota = ProjectQuota(used={"instances": 1, "cores": 0, "ram": 0})
    none_left = path(quota, {"cores": 0, "ram": 0})
    found = plan(Scale(server=uncounted, quota=none_left, to=LARGE, hosts=ROOMY))
    assert (found.mode, found.used_after) == ("stopped", {"instances": 1, "cores": 0, "ram": 0})


def test_undo_is_told_for_each_step() -> None:
    dimm = replace(SERVER, envelope=replace(ENVELOPE, memory_by="dimm", floor=SMALL))
    assert [step.undo for step in planned(dimm, LARGE, ROOMY).steps] == ["no", "no"]
    assert [step.undo for step in planned(SERVER, TINY, ROOMY).steps] == ["yes", "yes"]
