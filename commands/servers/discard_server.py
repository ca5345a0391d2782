"""Remove a server that could not be built; its history stays."""

from __future__ import annotations

from uuid import UUID

from commands.command import Command, Decision, Log, Reply
from domain.server import Deleted, Server
from domain.shared.errors import NotFound


class DiscardServer(Command, frozen=True, kw_only=True):
    """Remove a server whose build failed. Raises NotFound, also for any other server."""

    server: UUID
    reason: str = ""

    def decide(self, log: Log) -> Decision:
        """Record that it is deleted; no hypervisor is asked."""
        stream = log.load(Server, str(self.server))
        if stream.state.fault is None:
            raise NotFound(what="server", id=str(self.server))
        return Decision(stream.record(Deleted(reason=self.reason)), Reply())
