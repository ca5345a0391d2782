"""When schedules are due, by the region's windows."""

from __future__ import annotations

from datetime import datetime

from commands.command import Change, Log, Stream
from commands.ledger.catalogue import find, present
from commands.ledger.schedules import ended
from domain.schedules.appointment import Appointment, at, in_window
from domain.schedules.schedule import Schedule
from domain.schedules.window import Window
from domain.shared.errors import NotFound
from domain.shared.refusal import refusal

When = datetime | str
"""A time (UTC), or the name of a window: its next opening."""


def appointment(log: Log, when: When, now: datetime) -> Appointment:
    """The appointment at a time, or at the next opening of a window. Raises TimeInvalid,
    NotFound."""
    if isinstance(when, datetime):
        return at(when, now)
    window = present(log, Window, when)
    return in_window(when, window.version, window.state, now)


def window_changed(log: Log, schedule: Schedule) -> bool:
    """Whether the schedule's window has changed or is gone since its appointment was computed."""
    if schedule.when.window is None:
        return False
    window = find(log, Window, schedule.when.window)
    return window is None or window.version != schedule.when.window_version


def with_new_appointment(log: Log, stream: Stream[Schedule], now: datetime) -> list[Change]:
    """By its window as it is now; without a window it can never be due."""
    schedule, name = stream.state, stream.state.when.window or ""
    if find(log, Window, name) is None:
        return ended(log, stream, schedule.refuse(refusal(NotFound(what="window", id=name))))
    terms = schedule.at(appointment(log, name, now))
    return stream.record(schedule.change(terms, reason="the window was changed"))
