"""What still waits may be changed in part, or cancelled."""

from __future__ import annotations

from uuid import UUID

import pytest
from msgspec.structs import replace

from commands.schedules.cancel_schedule import CancelSchedule
from commands.schedules.change_schedule import ChangeSchedule, ScheduleRecorded
from domain.schedules.appointment import TimeInvalid, at
from domain.schedules.schedule_events import ScheduleCancelled, ScheduleChanged, ScheduleTerms
from domain.schedules.schedule_refusals import ScheduleOver
from domain.shared.errors import NotFound, StaleVersion
from domain.shared.size import Size
from tests.commands.kit.later import (
    ADOPTION,
    AT_A_TIME,
    IN_A_WINDOW,
    SCHEDULE,
    SET,
    STREAM,
    WINDOW,
    made,
)
from tests.commands.kit.region import Region, told
from tests.kit.examples import DEADLINE, LARGE, LATER, NOON, PROJECT, SERVER

GIVEN = (*ADOPTION, (WINDOW, SET), (STREAM, made()))
CHANGE = ChangeSchedule(schedule=SCHEDULE, now=NOON, asked_by="wei", reason="less will do")
CANCEL = CancelSchedule(schedule=SCHEDULE, reason="no sale")
CANCELLED = ScheduleCancelled(server=SERVER, project=PROJECT, reason="no sale")

CHANGES: dict[str, tuple[ChangeSchedule, ScheduleTerms]] = {
    "the vCPUs": (replace(CHANGE, vcpus=3), replace(AT_A_TIME, to=Size(3, 8192))),
    "the memory": (replace(CHANGE, memory_mib=6144), replace(AT_A_TIME, to=Size(4, 6144))),
    "the time": (replace(CHANGE, when=DEADLINE), replace(AT_A_TIME, when=at(DEADLINE, NOON))),
    "to a window": (replace(CHANGE, when="night"), IN_A_WINDOW),
    "the consent": (replace(CHANGE, consent="migrate"), replace(AT_A_TIME, consent="migrate")),
}


@pytest.mark.parametrize(("command", "terms"), CHANGES.values(), ids=CHANGES)
def test_unnamed_fields_of_a_schedule_stay(
    region: Region, command: ChangeSchedule, terms: ScheduleTerms
) -> None:
    region.given(*GIVEN)
    assert told(region.ask(command), ScheduleRecorded) == ScheduleRecorded(
        schedule=SCHEDULE,
        to=terms.to,
        consent=terms.consent,
        due=terms.when.due,
        until=terms.when.until,
        window=terms.when.window,
        version=2,
    )
    assert region.events == [
        (
            STREAM,
            ScheduleChanged(
                server=SERVER,
                project=PROJECT,
                was=AT_A_TIME,
                to=terms,
                asked_by="wei",
                reason="less will do",
            ),
        )
    ]


def test_no_change_is_no_fact(region: Region) -> None:
    region.given(*GIVEN)
    same = replace(CHANGE, vcpus=LARGE.vcpus, when=LATER)
    assert told(region.ask(same), ScheduleRecorded).version == 1
    assert region.events == []


def test_the_new_time_must_be_ahead(region: Region) -> None:
    region.given(*GIVEN)
    with pytest.raises(TimeInvalid):
        region.ask(replace(CHANGE, when=NOON))


def test_the_new_window_must_be_there(region: Region) -> None:
    region.given(*GIVEN)
    with pytest.raises(NotFound):
        region.ask(replace(CHANGE, when="day"))


def test_a_waiting_schedule_is_cancelled(region: Region) -> None:
    region.given(*GIVEN)
    region.ask(CANCEL)
    assert region.events == [(STREAM, CANCELLED)]


@pytest.mark.parametrize("command", [CHANGE, CANCEL])
def test_a_schedule_that_is_over_is_not_changed(
    region: Region, command: ChangeSchedule | CancelSchedule
) -> None:
    region.given(*GIVEN, (STREAM, CANCELLED))
    with pytest.raises(ScheduleOver) as refused:
        region.ask(command)
    assert vars(refused.value) == {"state": "cancelled"}


@pytest.mark.parametrize("command", [CHANGE, CANCEL])
def test_a_schedule_of_another_version_is_not_changed(
    region: Region, command: ChangeSchedule | CancelSchedule
) -> None:
    region.given(*GIVEN)
    with pytest.raises(StaleVersion):
        region.ask(replace(command, expected=7))
    assert region.events == []


@pytest.mark.parametrize("command", [CHANGE, CANCEL])
def test_an_unknown_schedule_is_not_changed(
    region: Region, command: ChangeSchedule | CancelSchedule
) -> None:
    with pytest.raises(NotFound):
        region.ask(replace(command, schedule=UUID(int=0x6)))
