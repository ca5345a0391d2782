"""A plan tells, from the records alone, what a scale would take and what would fit instead."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from domain.quota import ProjectQuota
from domain.scaling.assess import Scale, plan_version
from domain.scaling.plan import Plan, PlanStep, plan
from domain.scaling.route import Route
from domain.server import CeilingDeclared, Server
from domain.shared.errors import (
    AboveCeiling,
    Misaligned,
    NeedsRestart,
    NothingToChange,
    NotScalable,
    QuotaExceeded,
    Shortage,
)
from domain.shared.events import Event
from domain.shared.resources import Amounts
from domain.shared.size import Size
from tests.domain.hosts.hosts import Region
from tests.domain.quota.quotas import path
from tests.kit.examples import (
    ADOPTED,
    CLAIMED_AT_ADOPTION,
    DECLARED,
    ENVELOPE,
    HUGE,
    LARGE,
    PROJECT,
    SMALL,
    TINY,
    VAST,
    requested,
)
from tests.kit.scenario import given

DEFAULTS = {"instances": 10, "cores": 8, "ram": 16384}
USED = {"instances": 1, "cores": 2, "ram": 4096}
GROW_MEMORY = PlanStep(what="memory", was=4096, to=8192, by="virtio-mem", undo="best-effort")
GROW_VCPUS = PlanStep(what="vcpus", was=2, to=4, by="hotplug", undo="yes")


def planned(to: Size, *past: Event, defaults: Amounts = DEFAULTS) -> Plan:
    server = given(Server, *(past or (ADOPTED, DECLARED))).state
    quota = given(ProjectQuota, CLAIMED_AT_ADOPTION).state
    return plan(Scale(server=server, quota=path(quota, defaults), to=to, hosts=Region()))


def obstacles(found: Plan) -> list[tuple[type, dict[str, object]]]:
    return [(type(o), vars(o)) for o in found.obstacles]


def test_growing_takes_memory_first_then_vcpus() -> None:
    assert planned(LARGE) == Plan(
        mode="live",
        to_host=None,
        was=SMALL,
        to=LARGE,
        steps=[GROW_MEMORY, GROW_VCPUS],
        obstacles=[],
        used=USED,
        used_after={"instances": 1, "cores": 4, "ram": 8192},
        limits=DEFAULTS,
        nearest=LARGE,
        version=plan_version(0, LARGE, Route(mode="live")),
    )


def test_shrinking_gives_back() -> None:
    assert planned(TINY) == Plan(
        mode="live",
        to_host=None,
        was=SMALL,
        to=TINY,
        steps=[
            PlanStep(what="memory", was=4096, to=1024, by="virtio-mem", undo="yes"),
            PlanStep(what="vcpus", was=2, to=1, by="hotplug", undo="yes"),
        ],
        obstacles=[],
        used=USED,
        used_after={"instances": 1, "cores": 1, "ram": 1024},
        limits=DEFAULTS,
        nearest=TINY,
        version=plan_version(0, TINY, Route(mode="live")),
    )


def test_a_size_that_it_has_takes_no_step() -> None:
    same = planned(SMALL)
    assert (same.mode, same.steps, same.used_after, same.nearest) == ("impossible", [], USED, None)
    assert obstacles(same) == [(NothingToChange, {"size": SMALL})]


def test_a_dimm_may_stay_and_a_vcpu_below_the_floor_cannot_be_taken_back() -> None:
    rigid = replace(ENVELOPE, memory_by="dimm", floor=Size(2, 4096))
    steps = planned(LARGE, replace(ADOPTED, envelope=rigid), DECLARED).steps
    assert [step.undo for step in steps] == ["no", "no"]


def test_beyond_the_envelope_only_a_restart_stands_in_between() -> None:
    above = planned(VAST, ADOPTED, CeilingDeclared(was=None, ceiling=VAST), defaults={})
    assert above.mode == "restart"
    assert obstacles(above) == [
        (
            NeedsRestart,
            {"asked": VAST, "floor": TINY, "ceiling": HUGE, "consent": "restart"},
        )
    ]
    assert above.nearest == HUGE
    assert above.limits == {"instances": -1, "cores": -1, "ram": -1}


def test_above_the_ceiling_is_impossible_and_the_ceiling_is_nearest() -> None:
    found = planned(HUGE, ADOPTED, CeilingDeclared(was=None, ceiling=LARGE), defaults={})
    assert found.mode == "impossible"
    assert obstacles(found) == [(AboveCeiling, {"asked": HUGE, "ceiling": LARGE})]
    assert found.nearest == LARGE


def test_above_the_quota_is_impossible_and_what_is_left_is_nearest() -> None:
    found = planned(Size(9, 20480))
    cores = Shortage(resource="cores", asked=7, used=2, limit=8, left=6, node=PROJECT)
    ram = Shortage(resource="ram", asked=16384, used=4096, limit=16384, left=12288, node=PROJECT)
    assert found.mode == "impossible"
    assert obstacles(found) == [
        (QuotaExceeded, {"project": PROJECT, "shortages": [cores, ram], "would_fit": None})
    ]
    assert found.nearest == Size(8, 16384)


def test_between_two_steps_of_memory_the_one_towards_what_it_has_is_nearest() -> None:
    found = planned(Size(4, 5000))
    assert found.mode == "restart"
    assert obstacles(found) == [
        (Misaligned, {"asked_memory_mib": 5000, "step_mib": 128, "nearest_memory_mib": 4992})
    ]
    assert found.nearest == Size(4, 4992)


def test_without_a_slot_the_memory_it_has_is_nearest() -> None:
    full = replace(ADOPTED, envelope=replace(ENVELOPE, memory_slots_left=0))
    assert planned(LARGE, full, DECLARED).nearest == Size(4, 4096)


@pytest.mark.parametrize("to", [LARGE, TINY, Size(1, 8192)])
def test_without_a_ceiling_no_size_would_fit(to: Size) -> None:
    found = planned(to, ADOPTED)
    assert obstacles(found) == [(NotScalable, {"server_size": SMALL, "closed": ()})]
    assert found.nearest is None


def test_what_an_open_operation_has_claimed_is_not_counted_twice() -> None:
    server = given(Server, ADOPTED, DECLARED, requested(LARGE)).state
    quota = ProjectQuota(used={"instances": 1, "cores": 4, "ram": 8192})
    found = plan(Scale(server=server, quota=path(quota, DEFAULTS), to=TINY, hosts=Region()))
    assert found.mode == "impossible"
    assert found.used_after == {"instances": 1, "cores": 1, "ram": 1024}
