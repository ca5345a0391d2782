"""Cancel a waiting schedule."""

from __future__ import annotations

from uuid import UUID

from commands.command import Command, Decision, Log, Reply
from commands.ledger.catalogue import as_expected
from commands.ledger.schedules import ended
from domain.schedules.schedule import Schedule


class CancelSchedule(Command, frozen=True, kw_only=True):
    """Cancel a schedule. ``expected``: the version that the caller decided on.

    Raises NotFound, ScheduleOver, StaleVersion.
    """

    schedule: UUID
    expected: int | None = None
    reason: str = ""

    def decide(self, log: Log) -> Decision:
        """Record the cancellation."""
        stream = log.load(Schedule, str(self.schedule))
        as_expected(stream.version, self.expected)
        return Decision(ended(log, stream, stream.state.cancel(self.reason)), Reply())
