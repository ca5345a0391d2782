"""Create a maintenance window, or change the one of that name."""

from __future__ import annotations

from commands.command import Command, Decision, Log, Reply, Stream
from commands.ledger.catalogue import as_expected, begun, find
from domain.schedules.window import Window, WindowSet
from domain.schedules.window_times import Weekday, WindowTimes


class WindowRecorded(Reply, frozen=True, kw_only=True):
    """The window as it is now; ``starts`` is local time in ``timezone``."""

    name: str
    timezone: str
    weekdays: tuple[Weekday, ...]
    starts: str
    minutes: int
    version: int


class SetWindow(Command, frozen=True, kw_only=True):
    """Set a window's times. ``expected`` 0: only if there is none of this name.

    Raises StaleVersion, WindowInvalid, TimezoneUnknown.
    """

    window: str
    times: WindowTimes
    expected: int | None = None
    reason: str = ""

    def decide(self, log: Log) -> Decision:
        """Record the times; nothing where they are so already."""
        stream = find(log, Window, self.window)
        as_expected(stream.version if stream else 0, self.expected)
        event = self._set(stream)
        if stream and event.to == event.was:
            return Decision([], recorded(self.window, event.to, stream.version))
        changes = begun(log, Window, self.window, event)
        return Decision(changes, recorded(self.window, event.to, changes[-1].version))

    def _set(self, stream: Stream[Window] | None) -> WindowSet:
        if stream is None:
            return Window.create(self.times, self.reason)
        return stream.state.change(self.times, self.reason)


def recorded(name: str, window: WindowTimes, version: int) -> WindowRecorded:
    """The reply about the window at ``version``."""
    return WindowRecorded(
        name=name,
        timezone=window.timezone,
        weekdays=window.weekdays,
        starts=window.starts,
        minutes=window.minutes,
        version=version,
    )
