"""At its time a schedule is decided anew: it runs once, or why not is a fact."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

import pytest
from msgspec.structs import replace

from domain.quota import QuotaChanged
from domain.schedules.appointment import GRACE, in_window
from domain.schedules.schedule_events import (
    ScheduleCancelled,
    ScheduleChanged,
    ScheduleRan,
    ScheduleRefused,
)
from domain.schedules.schedule_refusals import ScheduleMissed
from domain.server import Deleted, Drift, DriftObserved, ScaleRequested
from domain.shared.errors import (
    DriftOpen,
    NotFound,
    NothingToChange,
    OutcomeUndecided,
    PowerForbids,
    QuotaExceeded,
    Refused,
    ScaleInProgress,
    Shortage,
)
from domain.shared.events import Event
from domain.shared.refusal import refusal
from domain.shared.size import Size
from tests.commands.conftest import NewRegion
from tests.commands.kit.later import (
    ADOPTION,
    AT_A_TIME,
    EARLIER,
    GONE,
    IN_A_WINDOW,
    MIDNIGHT,
    MOVED,
    SET,
    STREAM,
    TEN,
    WINDOW,
    made,
    run,
)
from tests.commands.kit.region import HOST_STREAM, QUOTA_STREAM, SERVER_STREAM, Ask, Region
from tests.kit.examples import (
    HOST,
    LARGE,
    LATER,
    NEXT_OPERATION,
    NOON,
    OPERATION,
    PROJECT,
    SERVER,
    SMALL,
    confirmed,
    requested,
    unknown,
)

ASKED = replace(requested(LARGE), reason="the sale")
RAN = ScheduleRan(server=SERVER, project=PROJECT, operation=OPERATION, asked_by="ada")
GIVEN = (*ADOPTION, (STREAM, made()))
WAITING = (*ADOPTION, (WINDOW, SET), (STREAM, made(IN_A_WINDOW)))
TOO_LATE = LATER + GRACE


def refused(why: Refused) -> tuple[str, ScheduleRefused]:
    return STREAM, ScheduleRefused(
        server=SERVER, project=PROJECT, refusal=refusal(why), asked_by="ada"
    )


def moved(now: datetime) -> tuple[str, ScheduleChanged]:
    """To the next opening of the window as it is now."""
    return STREAM, ScheduleChanged(
        server=SERVER,
        project=PROJECT,
        was=IN_A_WINDOW,
        to=replace(IN_A_WINDOW, when=in_window("night", 2, EARLIER, now)),
        asked_by="ada",
        reason="the window was changed",
    )


def test_a_schedules_scale_is_in_the_name_of_its_maker(region: Region) -> None:
    region.given(*GIVEN)
    region.ask(run(LATER))
    asked, (quota, _), (host, _), ran = region.events
    assert (asked, quota, host) == ((SERVER_STREAM, ASKED), QUOTA_STREAM, HOST_STREAM)
    assert ran == (STREAM, RAN)
    assert len({fact.because for fact in region.facts}) == 1


def test_a_schedules_scale_has_the_consent_of_its_maker(region: Region) -> None:
    region.given(*ADOPTION, (STREAM, made(replace(AT_A_TIME, consent="restart"))))
    region.ask(run(LATER))
    assert [e.consent for _, e in region.events if isinstance(e, ScaleRequested)] == ["restart"]


def test_before_its_time_nothing_happens(region: Region) -> None:
    region.given(*GIVEN)
    region.ask(run(LATER - timedelta(microseconds=1)))
    assert region.events == []


def test_of_two_at_a_time_one_runs_it(region: Region) -> None:
    region.given(*GIVEN)
    region.ask_together(Ask(run(LATER)), Ask(run(LATER, NEXT_OPERATION)))
    assert [e for _, e in region.events if isinstance(e, ScheduleRan)] == [RAN]
    assert [e for _, e in region.events if isinstance(e, ScaleRequested)] == [ASKED]


def test_another_leader_does_not_run_it_again(region: Region, new_region: NewRegion) -> None:
    region.given(*GIVEN)
    region.ask(run(LATER))
    region.store.record((SERVER_STREAM, confirmed(LARGE)))
    region.end()
    next_ = new_region(region.store)
    next_.ask(run(LATER + timedelta(minutes=1), NEXT_OPERATION))
    assert next_.events == []


@pytest.mark.parametrize(
    ("past", "why"),
    [
        pytest.param(
            ((QUOTA_STREAM, QuotaChanged(project=PROJECT, was={}, limits={"cores": 2})),),
            QuotaExceeded(
                project=PROJECT,
                shortages=[
                    Shortage(resource="cores", asked=2, used=2, limit=2, left=0, node=PROJECT)
                ],
                would_fit=Size(2, 8192),
            ),
            id="its quota is too small by then",
        ),
        pytest.param(
            ((SERVER_STREAM, Deleted()),), PowerForbids(power="gone"), id="its server is deleted"
        ),
        pytest.param(
            ((SERVER_STREAM, requested(LARGE)), (SERVER_STREAM, confirmed(LARGE))),
            NothingToChange(size=LARGE),
            id="somebody else has done it",
        ),
    ],
)
def test_a_due_schedule_that_does_not_fit_is_recorded_as_refused(
    region: Region, past: tuple[tuple[str, Event], ...], why: Refused
) -> None:
    region.given(*GIVEN, *past)
    region.ask(run(LATER))
    assert region.events == [refused(why)]
    region.ask(run(LATER))
    assert region.events == [refused(why)]


BUSY: dict[str, tuple[tuple[Event, ...], Refused]] = {
    "an operation is open": (
        (requested(SMALL),),
        ScaleInProgress(operation=OPERATION, to=SMALL),
    ),
    "an outcome is unknown": (
        (requested(SMALL), unknown(SMALL)),
        OutcomeUndecided(operation=OPERATION, to=SMALL),
    ),
    "somebody else has changed it": (
        (DriftObserved(was=SMALL, host=HOST, drift=Drift(seen=None)),),
        DriftOpen(),
    ),
}


class Time(NamedTuple):
    given: tuple[tuple[str, Event], ...]
    due: datetime
    until: datetime


TIMES = [Time(GIVEN, LATER, TOO_LATE), Time(WAITING, TEN, MIDNIGHT)]


@pytest.mark.parametrize(("past", "why"), BUSY.values(), ids=BUSY)
@pytest.mark.parametrize("time", TIMES, ids=["at a time", "in a window"])
def test_a_busy_server_is_asked_again_until_it_is_too_late(
    region: Region, time: Time, past: tuple[Event, ...], why: Refused
) -> None:
    region.given(*time.given, *((SERVER_STREAM, event) for event in past))
    region.ask(run(time.due))
    region.ask(run(time.until - timedelta(microseconds=1)))
    assert region.events == []
    region.ask(run(time.until))
    assert region.events == [refused(why)]


def test_a_due_schedule_runs_once_its_server_is_free(region: Region, new_region: NewRegion) -> None:
    region.given(*GIVEN, (SERVER_STREAM, requested(Size(3, 4096))))
    region.ask(run(LATER, NEXT_OPERATION))
    region.end()
    region.store.record((SERVER_STREAM, confirmed(Size(3, 4096))))
    next_ = new_region(region.store)
    next_.ask(run(LATER, NEXT_OPERATION))
    assert next_.events[-1] == (STREAM, replace(RAN, operation=NEXT_OPERATION))


@pytest.mark.parametrize("time", TIMES, ids=["at a time", "in a window"])
def test_a_missed_schedule_is_not_run_later(region: Region, time: Time) -> None:
    region.given(*time.given)
    region.ask(run(time.until))
    assert region.events == [refused(ScheduleMissed(due=time.due, until=time.until))]


def test_a_cancelled_schedule_does_not_run(region: Region) -> None:
    region.given(*GIVEN, (STREAM, ScheduleCancelled(server=SERVER, project=PROJECT)))
    region.ask(run(LATER))
    assert region.events == []


def test_an_unknown_schedule_is_not_run(region: Region) -> None:
    with pytest.raises(NotFound):
        region.ask(run(LATER))


def test_a_schedule_runs_in_its_window(region: Region) -> None:
    region.given(*WAITING)
    region.ask(run(TEN - timedelta(microseconds=1)))
    assert region.events == []
    region.ask(run(TEN))
    assert region.events[-1] == (STREAM, RAN)


@pytest.mark.parametrize("now", [NOON, TEN], ids=["while it waits", "when it is due"])
def test_a_window_that_was_changed_moves_it(region: Region, now: datetime) -> None:
    region.given(*WAITING, (WINDOW, MOVED))
    region.ask(run(now))
    assert region.events == [moved(now)]


def test_a_moved_schedule_runs_in_its_new_window(region: Region) -> None:
    region.given(*WAITING, (WINDOW, MOVED))
    region.ask(run(NOON))
    region.ask(run(TEN - timedelta(hours=2)))
    assert region.events[0] == moved(NOON)
    assert region.events[-1] == (STREAM, RAN)


def test_a_window_that_was_deleted_is_waited_for_no_longer(region: Region) -> None:
    region.given(*WAITING, (WINDOW, SET), (WINDOW, GONE))
    region.ask(run(NOON))
    region.ask(run(TEN))
    assert region.events == [refused(NotFound(what="window", id="night"))]


def test_a_schedule_that_is_over_is_not_moved(region: Region) -> None:
    region.given(
        *WAITING, (STREAM, ScheduleCancelled(server=SERVER, project=PROJECT)), (WINDOW, MOVED)
    )
    region.ask(run(NOON))
    assert region.events == []
