"""Pin a server to the zone that it is in, whatever host it moves to; or unpin it."""

from __future__ import annotations

from uuid import UUID

from commands.command import Command, Decision, Log, Reply
from domain.hosts.host import Host
from domain.server import Server, pinning
from domain.shared.errors import NotFound


class PinServer(Command, frozen=True, kw_only=True):
    """Pin a server to ``zone``; None: to none. Raises NotFound, PinnedElsewhere, NotInZone."""

    server: UUID
    zone: str | None
    reason: str = ""

    def decide(self, log: Log) -> Decision:
        """Record the zone; nothing where it is so already."""
        stream = log.load(Server, str(self.server))
        if stream.state.power == "gone":
            raise NotFound(what="server", id=str(self.server))
        current = log.open(Host, stream.state.host).state.terms.zone
        events = pinning.pinned(stream.state, self.zone or "", current, self.reason)
        return Decision(stream.record(*events), Reply())
