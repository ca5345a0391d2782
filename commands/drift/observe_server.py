"""Record how a server that was read differs from what is recorded."""

from __future__ import annotations

from uuid import UUID

from commands.command import Command, Decision, Log, Reply
from commands.ledger import books
from commands.ledger.region_policy import counts
from domain.server import Seen, Server, drifting
from domain.shared.errors import NotFound


class ObserveServer(Command, frozen=True, kw_only=True):
    """Compare a server as it was read with what is recorded.

    ``version``: the server's when it was read; if it has changed since, the reading is out of date
    and ignored, and the next sweep reads again. ``seen`` None: its host does not know it.
    ``hosts``: those of the relay that read it, None: all; a server elsewhere is not there for it.
    Raises NotFound.
    """

    server: UUID
    version: int
    seen: Seen | None
    hosts: frozenset[str] | None = None

    def decide(self, log: Log) -> Decision:
        """Record drift, a change of power or a new envelope; nothing where nothing is new."""
        stream = log.load(Server, str(self.server))
        server = stream.state
        if self.hosts is not None and server.host not in self.hosts:
            raise NotFound(what="server", id=str(self.server))
        if stream.version != self.version or server.power == "gone" or drifting.is_busy(server):
            return Decision([], Reply())
        counted = counts(log, self.seen.power) if self.seen else server.counted
        events = drifting.observed(server, self.seen, counted=counted)
        return Decision(books.settled(log, stream, self.server, *events), Reply())
