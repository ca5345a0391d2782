"""Cancel an operation that was not sent to its hypervisor yet."""

from __future__ import annotations

from uuid import UUID

from commands.command import Command, Decision, Log, Reply
from commands.ledger import books
from domain.server import Server, ending


class CancelOperation(Command, frozen=True, kw_only=True):
    """Cancel an operation. The caller has made sure that no relay will send it any more.

    Raises NotFound, NothingToCancel.
    """

    server: UUID
    operation: UUID
    reason: str = ""

    def decide(self, log: Log) -> Decision:
        """Record the end, and give back what was claimed for it."""
        stream = log.load(Server, str(self.server))
        cancelled = ending.cancelled(stream.state, self.operation, self.reason)
        changes = books.settled(log, stream, self.server, cancelled, operation=self.operation)
        return Decision(changes, Reply())
