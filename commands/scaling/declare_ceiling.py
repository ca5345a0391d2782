"""Declare the most that a server may have."""

from __future__ import annotations

from uuid import UUID

from commands.command import Command, Decision, Log, Reply
from domain.server import Server, lifecycle
from domain.shared.size import Size


class CeilingSet(Reply, frozen=True, kw_only=True):
    """The server's ceiling now; None: it may not be scaled."""

    server: UUID
    ceiling: Size | None


class DeclareCeiling(Command, frozen=True, kw_only=True):
    """Set the most that a server may have; None: it may not be scaled. Raises NotFound."""

    server: UUID
    ceiling: Size | None
    reason: str = ""

    def decide(self, log: Log) -> Decision:
        """Record the ceiling; nothing where it is so already."""
        stream = log.load(Server, str(self.server))
        reply = CeilingSet(server=self.server, ceiling=self.ceiling)
        if stream.state.ceiling == self.ceiling:
            return Decision([], reply)
        return Decision(
            stream.record(lifecycle.declared(stream.state, self.ceiling, self.reason)), reply
        )
