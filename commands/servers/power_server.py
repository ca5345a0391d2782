"""Start or stop a server."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from commands.command import Command, Decision, Log
from commands.ledger import books
from commands.ledger.accepted import OperationAccepted
from domain.server import Server, lifecycle


class PowerServer(Command, frozen=True, kw_only=True):
    """Start or stop a server. ``deadline`` in UTC.

    A stopped server whose cores and ram do not count claims them again to be started. Raises
    NotFound, ScaleInProgress, OutcomeUndecided, DriftOpen, ResizeUnconfirmed, PowerForbids,
    QuotaExceeded.
    """

    server: UUID
    to: Literal["running", "stopped"]
    operation: UUID
    deadline: datetime
    reason: str = ""

    def decide(self, log: Log) -> Decision:
        """Open the operation, and claim what its outcome will count."""
        stream = log.load(Server, str(self.server))
        asked = lifecycle.power(
            stream.state,
            self.to,
            operation=self.operation,
            deadline=self.deadline,
            reason=self.reason,
        )
        reply = OperationAccepted(
            operation=self.operation, server=self.server, deadline=self.deadline
        )
        changes = books.claimed(log, stream, self.server, asked, operation=self.operation)
        return Decision(changes, reply)
