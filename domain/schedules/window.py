"""A maintenance window opens on some weekdays, at some local time, for some minutes."""

from __future__ import annotations

from typing import ClassVar, Self, assert_never

from msgspec.structs import asdict, replace

from domain.schedules.window_times import WindowTimes, checked
from domain.shared.events import Event


class WindowSet(Event, frozen=True, kw_only=True, tag="window.set"):
    """A window was created or changed. ``was`` None: there was none of this name."""

    was: WindowTimes | None
    to: WindowTimes
    reason: str = ""


class WindowDeleted(Event, frozen=True, kw_only=True, tag="window.deleted"):
    """A window was deleted. Schedules that wait for it are refused when they are next looked at."""

    reason: str = ""


WindowEvent = WindowSet | WindowDeleted


class Window(WindowTimes, frozen=True, kw_only=True, gc=False):
    """A window as its events have made it. A deleted one may be set again under its name."""

    category: ClassVar[str] = "window"
    snapshot_format: ClassVar[int] = 1
    is_over: ClassVar[bool] = False

    deleted: bool = False

    # Decisions: what may happen next

    @classmethod
    def create(cls, to: WindowTimes, reason: str = "") -> WindowSet:
        """Create a window. Raises WindowInvalid, TimezoneUnknown."""
        return WindowSet(was=None, to=checked(to), reason=reason)

    def change(self, to: WindowTimes, reason: str = "") -> WindowSet:
        """Replace the times with ``to``. Raises WindowInvalid, TimezoneUnknown."""
        return WindowSet(was=self.times(), to=checked(to), reason=reason)

    def delete(self, reason: str = "") -> WindowDeleted:
        """Delete the window."""
        return WindowDeleted(reason=reason)

    # Questions

    def times(self) -> WindowTimes:
        """The times alone, as an event carries them."""
        return WindowTimes(
            timezone=self.timezone,
            weekdays=self.weekdays,
            starts=self.starts,
            minutes=self.minutes,
        )

    # History: what has happened

    @classmethod
    def begin(cls, event: WindowSet) -> Self:
        """The window as created."""
        return cls(**asdict(event.to))

    def after(self, event: WindowEvent) -> Self:
        """The window after one more event; one that is set again begins anew."""
        match event:
            case WindowSet():
                return self.begin(event)
            case WindowDeleted():
                return replace(self, deleted=True)
            case never:
                assert_never(never)
