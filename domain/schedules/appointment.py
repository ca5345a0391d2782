"""When a schedule is due: at a time, or when a window opens next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec

from domain.schedules.window_times import WindowTimes, next_opening
from domain.shared.errors import Refused

GRACE = timedelta(minutes=15)
"""For how long after its time something is still tried that has no window to end it."""

FURTHEST = timedelta(days=5 * 366)


class Appointment(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """From when until when a schedule may be run. Times are UTC.

    Nothing is begun before ``due``, nor at ``until`` or later. ``window_version``: the version of
    the window that this was computed from.
    """

    due: datetime
    until: datetime
    window: str | None = None
    window_version: int = 0


@dataclass(eq=False)
class TimeInvalid(Refused):
    """The time is in the past or too far in the future."""

    at: datetime
    after: datetime
    until: datetime

    def __str__(self) -> str:
        return f"{self.at} is not possible; name a time after {self.after}, at most {self.until}."


def at(time: datetime, now: datetime) -> Appointment:
    """The appointment at ``time``; it stays due for `GRACE`. Raises TimeInvalid."""
    # Compared as it is: what lies outside may have no UTC.
    if not now < time <= now + FURTHEST:
        raise TimeInvalid(at=time, after=now, until=now + FURTHEST)
    due = time.astimezone(UTC)
    return Appointment(due=due, until=due + GRACE)


def in_window(name: str, version: int, window: WindowTimes, now: datetime) -> Appointment:
    """The appointment at the window's next opening, or at once if it is open."""
    opening = next_opening(window, now)
    return Appointment(
        due=max(opening.opens, now), until=opening.closes, window=name, window_version=version
    )
