"""One server with a schedule, and windows to wait for: the past of the tests of schedules."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from msgspec.structs import replace

from commands.schedules.run_schedule import RunSchedule
from commands.schedules.schedule_scale import ScheduleScale
from domain.quota import QuotaClaimed
from domain.schedules.appointment import at, in_window
from domain.schedules.schedule_events import ScheduleMade, ScheduleTerms
from domain.schedules.window import WindowDeleted, WindowSet
from domain.schedules.window_times import WindowTimes
from domain.shared.resources import ONE_SCHEDULE, Amounts, plus
from domain.shared.size import Size
from tests.commands.kit.region import QUOTA_STREAM, SERVER_STREAM
from tests.kit.examples import (
    ADOPTED,
    CLAIMED_AT_ADOPTION,
    DEADLINE,
    DECLARED,
    LARGE,
    LATER,
    NOON,
    OPERATION,
    PROJECT,
    SERVER,
)

SCHEDULE = UUID(int=0x5)
STREAM, WINDOW = f"schedule:{SCHEDULE}", "window:night"
TEN = datetime(2026, 1, 1, 22, tzinfo=UTC)
MIDNIGHT = datetime(2026, 1, 2, tzinfo=UTC)

# NOON is on a Thursday.
NIGHT = WindowTimes(timezone="UTC", weekdays=("thursday",), starts="22:00", minutes=120)
EARLIER = replace(NIGHT, starts="20:00")
SET = WindowSet(was=None, to=NIGHT)
MOVED = WindowSet(was=NIGHT, to=EARLIER)
GONE = WindowDeleted()

ADOPTION = (
    (SERVER_STREAM, ADOPTED),
    (SERVER_STREAM, DECLARED),
    (QUOTA_STREAM, CLAIMED_AT_ADOPTION),
)
AT_A_TIME = ScheduleTerms(to=LARGE, when=at(LATER, NOON))
IN_A_WINDOW = ScheduleTerms(to=LARGE, when=in_window("night", 1, NIGHT, NOON))


def made(terms: ScheduleTerms = AT_A_TIME, *, counted: bool = False) -> ScheduleMade:
    """``counted``: as they are made today; the others are of before there was a quota of them."""
    return ScheduleMade(
        server=SERVER,
        project=PROJECT,
        to=terms,
        asked_by="ada",
        reason="the sale",
        counted=counted,
    )


def claimed(used: Amounts) -> tuple[str, QuotaClaimed]:
    """The claim of a schedule; ``used``: what the project uses before it."""
    return QUOTA_STREAM, QuotaClaimed(
        project=PROJECT, server=SERVER, amounts=ONE_SCHEDULE, used=plus(used, ONE_SCHEDULE)
    )


def schedule(to: Size, when: datetime | str, *, grow_at_once: bool = False) -> ScheduleScale:
    return ScheduleScale(
        schedule=SCHEDULE,
        server=SERVER,
        to=to,
        when=when,
        now=NOON,
        operation=OPERATION,
        deadline=DEADLINE,
        asked_by="ada",
        grow_at_once=grow_at_once,
        reason="the sale",
    )


def run(now: datetime, operation: UUID = OPERATION) -> RunSchedule:
    return RunSchedule(schedule=SCHEDULE, operation=operation, deadline=DEADLINE, now=now)
