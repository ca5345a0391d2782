"""Somebody else may have changed a server: it was read, and differs from the books."""

from __future__ import annotations

from uuid import UUID

from commands.command import Command, Decision, Log, Reply
from commands.ledger import books
from commands.ledger.region_policy import counts
from domain.server import Seen, Server, drifting


class ObserveServer(Command, frozen=True, kw_only=True):
    """``version`` is the server's as it was in the books before it was read: if something of ours
    has happened since, what was read is of the past, and the next sweep will tell.

    ``seen`` None: its host does not know it. Raises NotFound.
    """

    server: UUID
    version: int
    seen: Seen | None

    def decide(self, log: Log) -> Decision:
        stream = log.load(Server, str(self.server))
        server = stream.state
        if stream.version != self.version or server.power == "gone" or drifting.is_busy(server):
            return Decision([], Reply())
        counted = counts(log, self.seen.power) if self.seen else server.counted
        events = drifting.observed(server, self.seen, counted=counted)
        return Decision(books.settled(log, stream, self.server, *events), Reply())
