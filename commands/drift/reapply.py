"""Bring a server that somebody else has changed back to what is recorded."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from commands.command import Command, Decision, Log
from commands.ledger import books
from commands.ledger.accepted import OperationAccepted
from domain.server import Server, drifting, scaling


class Reapply(Command, frozen=True, kw_only=True):
    """Scale a drifted server back to its recorded size, live only. ``deadline`` in UTC.

    Raises NotFound, ScaleInProgress, OutcomeUndecided, NothingDrifted.
    """

    server: UUID
    operation: UUID
    deadline: datetime
    reason: str = ""

    def decide(self, log: Log) -> Decision:
        """Open a scale to the recorded size; it needs no quota, as that is claimed."""
        stream = log.load(Server, str(self.server))
        for obstacle in scaling.working(stream.state):
            raise obstacle
        asked = scaling.request(
            stream.state,
            to=drifting.recorded_size(stream.state),
            operation=self.operation,
            deadline=self.deadline,
            reason=self.reason,
        )
        reply = OperationAccepted(
            operation=self.operation, server=self.server, deadline=self.deadline
        )
        changes = books.settled(log, stream, self.server, asked, operation=self.operation)
        return Decision(changes, reply)
