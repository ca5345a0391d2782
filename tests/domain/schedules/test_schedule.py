"""A schedule waits, may be changed or cancelled while it does, and ends once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from msgspec.structs import replace

from domain.schedules.appointment import at
from domain.schedules.schedule import Schedule
from domain.schedules.schedule_events import (
    ScheduleCancelled,
    ScheduleChanged,
    ScheduleMade,
    ScheduleRan,
    ScheduleRefused,
    ScheduleTerms,
)
from domain.schedules.schedule_refusals import ScheduleOver
from domain.shared.errors import NothingToChange
from domain.shared.events import Event
from domain.shared.refusal import refusal
from tests.kit.examples import LARGE, LATER, NOON, OPERATION, PROJECT, SERVER, SMALL
from tests.kit.scenario import given

TERMS = ScheduleTerms(to=LARGE, when=at(LATER, NOON))
SMALLER = replace(TERMS, to=SMALL, consent="migrate")
MADE = ScheduleMade(
    server=SERVER, project=PROJECT, to=TERMS, asked_by="wei", reason="the sale", counted=True
)
CANCELLED = ScheduleCancelled(server=SERVER, project=PROJECT, reason="no sale")
RAN = ScheduleRan(server=SERVER, project=PROJECT, operation=OPERATION, asked_by="wei")
WHY = refusal(NothingToChange(size=LARGE))
REFUSED = ScheduleRefused(server=SERVER, project=PROJECT, refusal=WHY, asked_by="wei")


def changed(asked_by: str) -> ScheduleChanged:
    return ScheduleChanged(
        server=SERVER, project=PROJECT, was=TERMS, to=SMALLER, asked_by=asked_by, reason="less"
    )


def test_a_schedule_is_made_in_the_callers_name() -> None:
    assert (
        Schedule.make(TERMS, server=SERVER, project=PROJECT, asked_by="wei", reason="the sale")
        == MADE
    )


def test_a_changed_schedule_is_in_the_name_of_who_changed_it() -> None:
    given(Schedule, MADE).when(lambda s: s.change(SMALLER, asked_by="ada", reason="less")).then(
        changed("ada")
    )
    after = Schedule.begin(MADE).after(changed("ada"))
    assert (after.asked_by, after.terms(), after.reason) == ("ada", SMALLER, "the sale")


def test_a_schedule_changed_without_a_caller_keeps_its_own() -> None:
    given(Schedule, MADE).when(lambda s: s.change(SMALLER, reason="less")).then(changed("wei"))


def test_a_schedule_runs_is_refused_or_is_cancelled_once() -> None:
    given(Schedule, MADE).when(lambda s: s.run(OPERATION)).then(RAN)
    given(Schedule, MADE).when(lambda s: s.refuse(WHY)).then(REFUSED)
    given(Schedule, MADE).when(lambda s: s.cancel("no sale")).then(CANCELLED)


DECISIONS: tuple[Callable[[Schedule], Event], ...] = (
    lambda s: s.run(OPERATION),
    lambda s: s.refuse(WHY),
    lambda s: s.cancel(),
    lambda s: s.change(SMALLER),
)


@pytest.mark.parametrize("decide", DECISIONS)
@pytest.mark.parametrize(
    ("end", "state"), [(RAN, "ran"), (REFUSED, "refused"), (CANCELLED, "cancelled")]
)
def test_a_schedule_that_is_over_cannot_change(
    end: Event, state: str, decide: Callable[[Schedule], Event]
) -> None:
    given(Schedule, MADE, end).when(decide).then_refused(ScheduleOver, state=state)


def test_a_schedule_keeps_its_outcome() -> None:
    made = Schedule.begin(MADE)
    assert made.after(RAN).operation == OPERATION
    assert made.after(REFUSED).refusal == WHY


def test_a_waiting_schedule_is_due_from_its_time_on() -> None:
    made = Schedule.begin(MADE)
    assert not made.is_due(LATER - timedelta(microseconds=1))
    assert made.is_due(LATER)
    assert not made.after(CANCELLED).is_due(LATER)
