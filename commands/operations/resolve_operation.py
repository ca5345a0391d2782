"""Have the hypervisor asked what became of an operation whose outcome is unknown."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from commands.command import Command, Decision, Log, Reply
from domain.server import Server, ending


class ReadBackAccepted(Reply, frozen=True, kw_only=True):
    operation: UUID
    server: UUID
    deadline: datetime


class ResolveOperation(Command, frozen=True, kw_only=True):
    """Raises NotFound, NothingToResolve."""

    server: UUID
    operation: UUID
    deadline: datetime

    def decide(self, log: Log) -> Decision:
        stream = log.load(Server, str(self.server))
        asked = ending.look_again(stream.state, self.operation, self.deadline)
        reply = ReadBackAccepted(
            operation=self.operation, server=self.server, deadline=self.deadline
        )
        return Decision(stream.record(asked), reply)
