"""A server is stopped and started; whether it counts while it is stopped is the region's policy."""

from __future__ import annotations

from typing import Literal

import pytest
from msgspec.structs import replace

from commands.placement.set_region_policy import SetRegionPolicy
from domain.catalogue.region_policy import RegionRules
from domain.server import Power, PowerChanged, PowerFailed, PowerRequested
from domain.shared.errors import OutcomeUndecided, PowerForbids, QuotaExceeded, ScaleInProgress
from tests.commands.kit.region import SERVER_STREAM, Region
from tests.commands.kit.small_commands import cancel
from tests.commands.kit.standing import (
    ADOPTION,
    GIVE_UP,
    RESOLVE,
    at,
    claimed,
    events,
    held_by,
    host,
    limited,
    observed,
    power,
    refused,
    released,
    ruled,
    scale,
    standing,
    told,
    used,
)
from tests.kit.examples import (
    ADOPTED,
    DEADLINE,
    ENVELOPE,
    GREW,
    HOST,
    LARGE,
    NEXT_OPERATION,
    OPERATION,
    SMALL,
)

WHEN_RUNNING = ruled(RegionRules(stopped_servers="when-running"))
STOP = PowerRequested(operation=OPERATION, host=HOST, power="stopped", deadline=DEADLINE)
STOPPED = PowerChanged(
    operation=OPERATION,
    was="running",
    power="stopped",
    size=SMALL,
    guest=GREW,
    envelope=ENVELOPE,
)
STARTED = replace(STOPPED, operation=NEXT_OPERATION, was="stopped", power="running")
ALONE, WHOLE = {"instances": 1, "cores": 0, "ram": 0}, {"instances": 1, "cores": 2, "ram": 4096}
BOTH = {"cores": 2, "ram": 4096}


@pytest.fixture
def stopped(region: Region) -> Region:
    """Under the policy that it does not count while it is stopped."""
    region.given(*standing(), *WHEN_RUNNING)
    region.ask(power("stopped"))
    region.ask(told(at(power="stopped"), "stop"))
    return region


def test_a_stopped_server_counts_by_default(region: Region) -> None:
    region.given(*standing())
    region.ask(power("stopped"))
    region.ask(told(at(power="stopped"), "stop"))
    assert events(region) == [STOP, STOPPED]
    assert (used(region), held_by(region, HOST)) == (WHOLE, SMALL)


def test_a_stop_gives_back_cores_and_ram_where_only_running_servers_count(
    stopped: Region,
) -> None:
    assert events(stopped) == [STOP, replace(STOPPED, counted=False), released(BOTH, ALONE)]
    stopped.ask(told(at(power="stopped"), "stop"))
    assert len(events(stopped)) == 3


def test_a_stopped_server_keeps_its_place_on_its_host(stopped: Region) -> None:
    assert held_by(stopped, HOST) == SMALL


def test_a_start_claims_cores_and_ram_again(stopped: Region) -> None:
    stopped.ask(power("running", NEXT_OPERATION))
    start = PowerRequested(operation=NEXT_OPERATION, host=HOST, power="running", deadline=DEADLINE)
    assert events(stopped)[3:] == [start, claimed(BOTH, WHOLE, NEXT_OPERATION)]
    stopped.ask(told(at(), "start", operation=NEXT_OPERATION))
    assert events(stopped)[5:] == [STARTED]


def test_a_start_is_refused_where_the_quota_leaves_too_little(region: Region) -> None:
    region.given(*standing(), *WHEN_RUNNING, *limited(cores=1))
    region.ask(power("stopped"))
    region.ask(told(at(power="stopped"), "stop"))
    with pytest.raises(QuotaExceeded) as short:
        region.ask(power("running", NEXT_OPERATION))
    assert [one.resource for one in short.value.shortages] == ["cores"]
    assert len(events(region)) == 3


@pytest.mark.parametrize("end", ["refused", "cancelled"])
def test_a_start_that_came_to_nothing_gives_back_what_it_claimed(stopped: Region, end: str) -> None:
    stopped.ask(power("running", NEXT_OPERATION))
    stopped.ask(
        refused("start", operation=NEXT_OPERATION) if end == "refused" else cancel(NEXT_OPERATION)
    )
    assert events(stopped)[-1] == released(BOTH, ALONE, NEXT_OPERATION)
    assert used(stopped) == ALONE


def test_a_start_of_unknown_outcome_keeps_what_it_claimed(stopped: Region) -> None:
    stopped.ask(power("running", NEXT_OPERATION))
    stopped.ask(replace(GIVE_UP, operation=NEXT_OPERATION))
    assert used(stopped) == WHOLE
    stopped.ask(replace(RESOLVE, operation=NEXT_OPERATION))
    stopped.ask(told(at(power="stopped"), "read-back", operation=NEXT_OPERATION))
    failed = PowerFailed(
        operation=NEXT_OPERATION, power="stopped", counted=False, reason="as it came"
    )
    assert events(stopped)[-2:] == [failed, released(BOTH, ALONE, NEXT_OPERATION)]


def test_a_stop_that_was_refused_changes_nothing(region: Region) -> None:
    region.given(*standing(), *WHEN_RUNNING)
    region.ask(power("stopped"))
    region.ask(refused("stop"))
    assert events(region)[1:] == [
        PowerFailed(operation=OPERATION, power="running", reason="as it came")
    ]


def test_a_server_started_by_somebody_else_counts_again(stopped: Region) -> None:
    stopped.ask(observed(at(), version=4))
    assert events(stopped)[3:] == [
        replace(STARTED, operation=None),
        claimed(BOTH, WHOLE, None),
    ]


def test_a_guest_that_shuts_itself_down_gives_back_cores_and_ram(region: Region) -> None:
    region.given(*standing(), *WHEN_RUNNING)
    region.ask(observed(at(power="stopped")))
    assert events(region) == [
        replace(STOPPED, operation=None, counted=False),
        released(BOTH, ALONE, None),
    ]


def test_a_change_of_policy_counts_from_the_next_change_of_power(stopped: Region) -> None:
    stopped.ask(SetRegionPolicy(stopped_servers="always"))
    assert used(stopped) == ALONE
    stopped.ask(power("running", NEXT_OPERATION))
    assert used(stopped) == WHOLE


@pytest.mark.parametrize(
    ("now", "to"),
    [("running", "running"), ("stopped", "stopped"), ("paused", "running")],
)
def test_a_server_is_started_or_stopped_only_from_a_power_that_allows_it(
    region: Region, now: Power, to: Literal["running", "stopped"]
) -> None:
    region.given(*host(HOST), (SERVER_STREAM, replace(ADOPTED, power=now)), *ADOPTION[1:])
    with pytest.raises(PowerForbids) as forbidden:
        region.ask(power(to))
    assert forbidden.value.power == now


def test_a_paused_server_is_stopped(region: Region) -> None:
    region.given(*host(HOST), (SERVER_STREAM, replace(ADOPTED, power="paused")), *ADOPTION[1:])
    region.ask(power("stopped"))
    assert events(region) == [STOP]


def test_a_start_or_stop_is_refused_while_an_operation_is_open(region: Region) -> None:
    region.given(*standing())
    region.ask(scale(LARGE))
    with pytest.raises(ScaleInProgress):
        region.ask(power("stopped", NEXT_OPERATION))
    region.ask(GIVE_UP)
    with pytest.raises(OutcomeUndecided):
        region.ask(power("stopped", NEXT_OPERATION))
