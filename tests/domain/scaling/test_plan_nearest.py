"""Where no other size would help, the nearest that a plan names is the one that the server has."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from domain.quota import ProjectQuota
from domain.scaling.plan import Plan, plan
from domain.server import Drift, DriftObserved, FlavorTerms, Power, Server
from domain.shared.events import Event
from tests.domain.hosts.hosts import Region
from tests.domain.quota.quotas import path
from tests.kit.examples import (
    ADOPTED,
    CLAIMED_AT_ADOPTION,
    DECLARED,
    HOST,
    HUGE,
    LARGE,
    MIDDLE,
    SMALL,
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


def planned(*past: Event, closed: tuple[str, ...] = ()) -> Plan:
    server = given(Server, ADOPTED, DECLARED, *past).state
    quota = given(ProjectQuota, CLAIMED_AT_ADOPTION).state
    return plan(server, path(quota, DEFAULTS), to=LARGE, hosts=Region(), closed=closed)


@pytest.mark.parametrize(
    "past",
    [
        [requested(MIDDLE)],
        [requested(MIDDLE), unknown(MIDDLE)],
        [DRIFTED],
        [RESIZED, replace(confirmed(MIDDLE), operation=RESIZED.operation)],
    ],
    ids=["busy", "undecided", "drifted", "resized"],
)
def test_while_something_else_comes_first(past: list[Event]) -> None:
    found = planned(*past)
    assert (found.mode, found.nearest) == ("impossible", found.was)


@pytest.mark.parametrize("flag", ["region", "flavor", "image", "server"])
def test_where_a_flag_says_no(flag: str) -> None:
    found = planned(closed=(flag,))
    assert (found.mode, found.nearest) == ("impossible", SMALL)


@pytest.mark.parametrize("power", ["paused", "building"])
def test_with_a_power_that_forbids_it(power: Power) -> None:
    server = replace(given(Server, ADOPTED, DECLARED).state, power=power)
    quota = given(ProjectQuota, CLAIMED_AT_ADOPTION).state
    found = plan(server, path(quota, DEFAULTS), to=LARGE, hosts=Region())
    assert (found.mode, found.nearest) == ("impossible", SMALL)


def test_else_it_is_what_was_asked_for() -> None:
    assert planned().nearest == LARGE
