"""When a maintenance window opens and closes: local times, time zones, the next opening."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from domain.shared.errors import Refused

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = (
    *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
)

LONGEST = 7 * 24 * 60
"""Minutes; a window that is open for longer would never close."""

_LOCAL = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
# Other names in the database's folder are not zones of IANA's, or are in leap seconds.
_ZONE = re.compile(r"[A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*")


class WindowTimes(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """When a window opens: on ``weekdays`` at ``starts`` (local time, as in 22:30), for
    ``minutes``.

    ``timezone`` is an IANA name, as in Europe/Vienna.
    """

    timezone: str
    weekdays: tuple[Weekday, ...]
    starts: str
    minutes: int


@dataclass(eq=False)
class TimezoneUnknown(Refused):
    """The time zone is not one of the IANA database."""

    timezone: str

    def __str__(self) -> str:
        return f"Unknown time zone {self.timezone!r}; use an IANA name such as Europe/Vienna."


@dataclass(eq=False)
class WindowInvalid(Refused):
    """A field of the window has a value that it cannot have."""

    field: str
    fault: str

    def __str__(self) -> str:
        return f"The window's {self.field} is not valid: {self.fault}."


class Opening(NamedTuple):
    """One opening of a window, in UTC; ``closes`` is the first moment after it."""

    opens: datetime
    closes: datetime


def next_opening(window: WindowTimes, after: datetime) -> Opening:
    """The first opening that has not closed at ``after`` (UTC); it may be open then.

    A local time that the clocks skip is read in the offset before the change, 02:30 as 03:30; one
    that comes twice is the first of the two (both as in RFC 5545, 3.3.5). A window is open for as
    many real minutes while the clocks change.
    """
    zone, lasts = _zone(window.timezone), timedelta(minutes=window.minutes)
    day = after.astimezone(zone).date() - timedelta(days=lasts.days + 2)
    while True:
        opens = _local(day, window.starts, zone)
        if opens + lasts > after and WEEKDAYS[day.weekday()] in window.weekdays:
            return Opening(opens, opens + lasts)
        day += timedelta(days=1)


def _local(day: date, starts: str, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.fromisoformat(starts), zone).astimezone(UTC)


def checked(times: WindowTimes) -> WindowTimes:
    """The same times with the weekdays in order. Raises WindowInvalid, TimezoneUnknown."""
    weekdays = tuple(day for day in WEEKDAYS if day in times.weekdays)
    if not weekdays:
        raise WindowInvalid(field="weekdays", fault="name at least one, or it never opens")
    if not _LOCAL.fullmatch(times.starts):
        raise WindowInvalid(field="starts", fault="it must be a local time such as 22:30")
    if not 1 <= times.minutes <= LONGEST:
        raise WindowInvalid(field="minutes", fault=f"it must be 1 to {LONGEST}")
    _zone(times.timezone)
    return replace(times, weekdays=weekdays)


def _zone(name: str) -> ZoneInfo:
    """The time zone of that name. Raises TimezoneUnknown."""
    try:
        if _ZONE.fullmatch(name):
            return ZoneInfo(name)
    # A folder, a name that is too long, or no zone at all.
    except (LookupError, OSError, ValueError) as e:
        raise TimezoneUnknown(timezone=name) from e
    raise TimezoneUnknown(timezone=name)
