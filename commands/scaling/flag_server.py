"""Say of one server whether it may be scaled at all."""

from __future__ import annotations

from uuid import UUID

from commands.command import Command, Decision, Log, Reply
from domain.server import Server, lifecycle


class FlagSet(Reply, frozen=True, kw_only=True):
    server: UUID
    scalable: bool


class FlagServer(Command, frozen=True, kw_only=True):
    """Raises NotFound."""

    server: UUID
    scalable: bool
    reason: str = ""

    def decide(self, log: Log) -> Decision:
        stream = log.load(Server, str(self.server))
        reply = FlagSet(server=self.server, scalable=self.scalable)
        if stream.state.scalable == self.scalable:
            return Decision([], reply)
        flagged = lifecycle.flagged(stream.state, scalable=self.scalable, reason=self.reason)
        return Decision(stream.record(flagged), reply)
