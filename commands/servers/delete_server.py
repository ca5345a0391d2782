"""Delete a server; what it holds is given back once its hypervisor has deleted it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from commands.command import Command, Decision, Log
from commands.ledger.accepted import OperationAccepted
from domain.server import Server, lifecycle


class DeleteServer(Command, frozen=True, kw_only=True):
    """Delete a server. ``deadline`` in UTC.

    Raises NotFound, ScaleInProgress, OutcomeUndecided, DriftOpen, PowerForbids.
    """

    server: UUID
    operation: UUID
    deadline: datetime
    reason: str = ""

    def decide(self, log: Log) -> Decision:
        """Open the deletion; claims stay until it is reported."""
        stream = log.load(Server, str(self.server))
        asked = lifecycle.deletion(
            stream.state, operation=self.operation, deadline=self.deadline, reason=self.reason
        )
        reply = OperationAccepted(
            operation=self.operation, server=self.server, deadline=self.deadline
        )
        return Decision(stream.record(asked), reply)
