"""Allow or forbid scaling one server."""

from __future__ import annotations

from uuid import UUID

from commands.command import Command, Decision, Log, Reply
from domain.server import Server, lifecycle


class FlagSet(Reply, frozen=True, kw_only=True):
    """The server's own flag now."""

    server: UUID
    scalable: bool


class FlagServer(Command, frozen=True, kw_only=True):
    """Set a server's own flag; region, flavor and image must allow scaling as well. Raises
    NotFound."""

    server: UUID
    scalable: bool
    reason: str = ""

    def decide(self, log: Log) -> Decision:
        """Record the flag; nothing where it is so already."""
        stream = log.load(Server, str(self.server))
        reply = FlagSet(server=self.server, scalable=self.scalable)
        if stream.state.scalable == self.scalable:
            return Decision([], reply)
        flagged = lifecycle.flagged(stream.state, scalable=self.scalable, reason=self.reason)
        return Decision(stream.record(flagged), reply)
