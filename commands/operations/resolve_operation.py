"""Read back what became of an operation of unknown outcome."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from commands.command import Command, Decision, Log, Reply
from domain.server import Server, ending


class ReadBackAccepted(Reply, frozen=True, kw_only=True):
    """The hypervisor will be asked; the outcome is known by ``deadline`` (UTC), or still is not."""

    operation: UUID
    server: UUID
    deadline: datetime


class ResolveOperation(Command, frozen=True, kw_only=True):
    """Have a relay read the server back. ``deadline`` in UTC. Raises NotFound, NothingToResolve."""

    server: UUID
    operation: UUID
    deadline: datetime

    def decide(self, log: Log) -> Decision:
        """Record the request, which opens the operation again."""
        stream = log.load(Server, str(self.server))
        asked = ending.look_again(stream.state, self.operation, self.deadline)
        reply = ReadBackAccepted(
            operation=self.operation, server=self.server, deadline=self.deadline
        )
        return Decision(stream.record(asked), reply)
