"""The nearest size that a plan names would be accepted; where none would be, it names none."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from domain.quota import ProjectQuota
from domain.scaling.assess import Scale
from domain.scaling.plan import Plan, plan
from domain.server import (
    CeilingDeclared,
    Drift,
    DriftObserved,
    FlavorTerms,
    Power,
    ScalableSet,
    Server,
)
from domain.shared.events import Event
from domain.shared.request_spec import FlavorCopy, RequestSpec
from domain.shared.size import Size
from tests.domain.hosts.hosts import Region, room
from tests.domain.quota.quotas import path
from tests.kit.examples import (
    ADOPTED,
    CLAIMED_AT_ADOPTION,
    DECLARED,
    ENVELOPE,
    HOST,
    HUGE,
    LARGE,
    MIDDLE,
    SMALL,
    TINY,
    confirmed,
    requested,
    seen,
    unknown,
)
from tests.kit.scenario import given

DEFAULTS = {"instances": -1, "cores": -1, "ram": -1}
RESIZED = replace(
    requested(MIDDLE), resize=FlavorTerms(flavor=None, size=MIDDLE, ceiling=HUGE), mode="restart"
)
DRIFTED = DriftObserved(was=SMALL, host=HOST, drift=Drift(seen=seen(HUGE)))


def planned(server: Server, to: Size = LARGE, hosts: Region | None = None) -> Plan:
    quota = given(ProjectQuota, CLAIMED_AT_ADOPTION).state
    scale = Scale(server=server, quota=path(quota, DEFAULTS), to=to, hosts=hosts or Region())
    return plan(scale)


def after(*past: Event) -> Server:
    return given(Server, ADOPTED, DECLARED, *past).state


@pytest.mark.parametrize(
    "past",
    [
        [requested(MIDDLE)],
        [requested(MIDDLE), unknown(MIDDLE)],
        [DRIFTED],
        [RESIZED, replace(confirmed(MIDDLE), operation=RESIZED.operation)],
        [ScalableSet(was=True, scalable=False)],
        [CeilingDeclared(was=HUGE, ceiling=None)],
    ],
    ids=["busy", "undecided", "drifted", "resized", "flagged", "no ceiling"],
)
@pytest.mark.parametrize("to", [LARGE, TINY, Size(1, 8192)])
def test_no_other_size_helps_while_something_stands_against_all(
    past: list[Event], to: Size
) -> None:
    found = planned(after(*past), to)
    assert (found.mode, found.nearest) == ("impossible", None)


@pytest.mark.parametrize("power", ["paused", "building", "gone"])
def test_no_other_size_helps_with_a_power_that_forbids_it(power: Power) -> None:
    found = planned(replace(after(), power=power))
    assert (found.mode, found.nearest) == ("impossible", None)


@pytest.mark.parametrize(
    ("fixed", "to", "nearest"),
    [
        ("max_vcpus", Size(4, 8192), Size(2, 8192)),
        ("max_vcpus", Size(4, 4096), None),
        ("max_memory_mib", Size(4, 8192), Size(4, 4096)),
        ("max_memory_mib", Size(2, 8192), None),
    ],
)
def test_a_fixed_dimension_stays_and_the_other_moves(
    fixed: str, to: Size, nearest: Size | None
) -> None:
    flavor = FlavorCopy(id="small", name="small", vcpus=2, memory_mib=4096)
    spec = RequestSpec(size=SMALL, flavor=flavor, max_vcpus=8, max_memory_mib=16_384)
    found = planned(replace(after(), spec=replace(spec, **{fixed: None})), to)
    assert (found.mode, found.nearest) == ("impossible", nearest)


def test_no_size_beyond_the_one_asked_for_is_recommended() -> None:
    """It has more than its envelope's floor lets it shrink to, so that only growing would do."""
    high = replace(after(), envelope=replace(ENVELOPE, floor=SMALL))
    found = planned(high, TINY)
    assert (found.mode, found.nearest) == ("restart", None)


def test_a_full_host_lets_the_other_dimension_grow() -> None:
    no_memory = Region(host_1=room(Size(64, 4096), used=SMALL))
    assert planned(after(), LARGE, no_memory).nearest == Size(4, 4096)
    full = Region(host_1=room(SMALL, used=SMALL))
    assert planned(after(), LARGE, full).nearest is None


def test_a_quota_without_rest_does_not_stand_against_one_that_does_not_count() -> None:
    stopped = replace(after(), power="stopped", counted=False)
    quota = path(ProjectQuota(), {"cores": 0, "ram": 0})
    above = plan(Scale(server=stopped, quota=quota, to=Size(99, 8192), hosts=Region()))
    assert above.nearest == Size(HUGE.vcpus, 8192)


def test_the_nearest_size_is_the_one_asked_for_where_nothing_is_in_the_way() -> None:
    assert planned(after()).nearest == LARGE
