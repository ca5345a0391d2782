"""A scale is asked for now, and waits for its time; what grows need not."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from commands.schedules.schedule_scale import Scheduled
from domain.schedules.appointment import GRACE, TimeInvalid
from domain.schedules.schedule_events import ScheduleMade
from domain.server import Deleted, ScaleRequested
from domain.shared.errors import NotFound, PowerForbids, ScaleInProgress
from domain.shared.size import Size
from tests.commands.kit.later import (
    ADOPTION,
    AT_A_TIME,
    GONE,
    IN_A_WINDOW,
    SCHEDULE,
    SET,
    STREAM,
    WINDOW,
    claimed,
    made,
    schedule,
)
from tests.commands.kit.region import HOST_STREAM, QUOTA_STREAM, SERVER_STREAM, Region, told
from tests.kit.examples import (
    CLAIMED_AT_ADOPTION,
    HUGE,
    LARGE,
    LATER,
    NOON,
    OPERATION,
    SERVER,
    SMALL,
    TINY,
    VAST,
    requested,
)

MIXED = Size(4, 1024)
CLAIMED = claimed(CLAIMED_AT_ADOPTION.used)


def test_a_schedule_at_a_time_waits_and_changes_nothing(region: Region) -> None:
    region.given(*ADOPTION)
    reply = told(region.ask(schedule(LARGE, LATER)), Scheduled)
    assert reply == Scheduled(
        schedule=SCHEDULE, server=SERVER, to=LARGE, due=LATER, until=LATER + GRACE
    )
    assert region.events == [(STREAM, made(counted=True)), CLAIMED]


def test_a_schedule_in_a_window_waits_for_its_next_opening(region: Region) -> None:
    region.given(*ADOPTION, (WINDOW, SET))
    region.ask(schedule(LARGE, "night"))
    assert region.events == [(STREAM, made(IN_A_WINDOW, counted=True)), CLAIMED]


def test_a_scale_that_would_be_refused_now_may_be_scheduled(region: Region) -> None:
    region.given(*ADOPTION, (SERVER_STREAM, requested(HUGE)))
    region.ask(schedule(VAST, LATER))
    assert region.events == [(STREAM, made(replace(AT_A_TIME, to=VAST), counted=True)), CLAIMED]


@pytest.mark.parametrize("past", [(), ((WINDOW, SET), (WINDOW, GONE))])
def test_a_window_must_be_there(region: Region, past: tuple[tuple[str, ScheduleMade]]) -> None:
    region.given(*ADOPTION, *past)
    with pytest.raises(NotFound) as refused:
        region.ask(schedule(LARGE, "night"))
    assert vars(refused.value) == {"what": "window", "id": "night"}


def test_a_server_must_be_there(region: Region) -> None:
    with pytest.raises(NotFound):
        region.ask(schedule(LARGE, LATER))


def test_a_deleted_server_is_not(region: Region) -> None:
    region.given(*ADOPTION, (SERVER_STREAM, Deleted()))
    with pytest.raises(PowerForbids):
        region.ask(schedule(LARGE, LATER))


def test_the_time_must_be_ahead(region: Region) -> None:
    region.given(*ADOPTION)
    with pytest.raises(TimeInvalid):
        region.ask(schedule(LARGE, NOON))
    assert region.events == []


def test_growth_is_scaled_at_once_and_the_rest_waits(region: Region) -> None:
    region.given(*ADOPTION, (WINDOW, SET))
    reply = told(region.ask(schedule(MIXED, "night", grow_at_once=True)), Scheduled)
    assert (reply.schedule, reply.operation) == (SCHEDULE, OPERATION)
    asked, _, _, waits, _ = region.events
    assert asked == (SERVER_STREAM, replace(requested(Size(4, 4096)), reason="the sale"))
    assert waits == (STREAM, made(replace(IN_A_WINDOW, to=MIXED), counted=True))
    assert len({fact.because for fact in region.facts}) == 1


def test_a_scale_that_only_grows_leaves_no_schedule(region: Region) -> None:
    region.given(*ADOPTION, (WINDOW, SET))
    reply = told(region.ask(schedule(LARGE, "night", grow_at_once=True)), Scheduled)
    assert reply == Scheduled(schedule=None, server=SERVER, to=LARGE, operation=OPERATION)
    assert [stream for stream, _ in region.events] == [SERVER_STREAM, QUOTA_STREAM, HOST_STREAM]


@pytest.mark.parametrize("to", [TINY, SMALL])
def test_a_scale_that_does_not_grow_waits(region: Region, to: Size) -> None:
    region.given(*ADOPTION, (WINDOW, SET))
    reply = told(region.ask(schedule(to, "night", grow_at_once=True)), Scheduled)
    assert (reply.schedule, reply.operation) == (SCHEDULE, None)
    assert region.events == [(STREAM, made(replace(IN_A_WINDOW, to=to), counted=True)), CLAIMED]


def test_a_refused_growth_leaves_no_schedule(region: Region) -> None:
    region.given(*ADOPTION, (SERVER_STREAM, requested(LARGE)))
    with pytest.raises(ScaleInProgress):
        region.ask(schedule(Size(8, 1024), LATER, grow_at_once=True))
    assert region.events == []


def test_asked_again_with_its_key_there_is_one_schedule(region: Region) -> None:
    region.given(*ADOPTION)
    first, again = (region.ask(schedule(LARGE, LATER), key="k") for _ in range(2))
    assert first == again
    assert region.events == [(STREAM, made(counted=True)), CLAIMED]


def test_nothing_was_asked_of_a_hypervisor_yet(region: Region) -> None:
    region.given(*ADOPTION)
    region.ask(schedule(LARGE, LATER, grow_at_once=False))
    assert not [event for _, event in region.events if isinstance(event, ScaleRequested)]
