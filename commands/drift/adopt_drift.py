"""Take over what somebody else did to a server."""

from __future__ import annotations

from uuid import UUID

from msgspec.structs import replace

from commands.command import Command, Decision, Log, Reply
from commands.draft import Draft
from commands.ledger import books, quotas
from commands.ledger.region_policy import counts
from domain.quota.claims import For, settle
from domain.server import Server, drifting, scaling
from domain.shared.errors import QuotaExceeded
from domain.shared.resources import Amounts, increase
from domain.shared.size import Size


class DriftTaken(Reply, frozen=True, kw_only=True):
    """The server as recorded now. ``exceeded``: by how much its project is above quota, per
    resource."""

    server: UUID
    size: Size
    host: str
    exceeded: Amounts


class AdoptDrift(Command, frozen=True, kw_only=True):
    """Record a drifted server as it was seen, within the project's quota unless ``force``.

    What was seen is claimed already. Raises NotFound, ScaleInProgress, OutcomeUndecided,
    NothingDrifted, QuotaExceeded.
    """

    server: UUID
    force: bool = False
    reason: str = ""

    def decide(self, log: Log) -> Decision:
        """Record the server as seen, and what its project and hosts hold for it."""
        stream = log.load(Server, str(self.server))
        for obstacle in scaling.working(stream.state):
            raise obstacle
        server = stream.state
        seen = server.drift.seen if server.drift else None
        counted = counts(log, seen.power) if seen else server.counted
        event = drifting.adopted(server, {}, self.reason, counted=counted)
        after = server.after(event)
        exceeded = self._exceeded(log, server, after)
        event = drifting.adopted(server, exceeded, self.reason, counted=counted)
        reply = DriftTaken(server=self.server, size=after.size, host=after.host, exceeded=exceeded)
        return Decision(books.settled(log, stream, self.server, event), reply)

    def _exceeded(self, log: Log, server: Server, after: Server) -> Amounts:
        """By how much the project is above quota, in what somebody else made it hold more of."""
        grown = increase(replace(server, drift=None).claimed(), after.claimed())
        settled = self._settled(log, server, after)
        short = quotas.path(settled, server.project, server.user).shortages(dict.fromkeys(grown, 0))
        if short and not self.force:
            raise QuotaExceeded(project=server.project, shortages=short)
        return {one.resource: one.used - one.limit for one in short}

    def _settled(self, log: Log, server: Server, after: Server) -> Draft:
        """The quotas as they would be afterwards."""
        draft, path = Draft(log), quotas.path(log, server.project, server.user)
        claims = settle(path, server.claimed(), after.claimed(), For(server=self.server))
        draft.record(quotas.recorded(log, claims))
        return draft
