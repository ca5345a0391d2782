"""Take what somebody else did to a server into the books."""

from __future__ import annotations

from uuid import UUID

from commands import books
from commands.command import Command, Decision, Log, Reply
from commands.default_quota import defaults
from commands.region_policy import counts
from domain.errors import QuotaExceeded
from domain.quota import ProjectQuota
from domain.resources import NOTHING, Amounts
from domain.server import Server, drifting, scaling
from domain.size import Size


class DriftTaken(Reply, frozen=True, kw_only=True):
    """``exceeded``: by how much the project is above its quota now, per resource."""

    server: UUID
    size: Size
    host: str
    exceeded: Amounts


class AdoptDrift(Command, frozen=True, kw_only=True):
    """What was seen is claimed already; the quota is obeyed unless ``force``.

    Raises NotFound, ScaleInProgress, OutcomeUndecided, NothingDrifted, QuotaExceeded.
    """

    server: UUID
    force: bool = False
    reason: str = ""

    def decide(self, log: Log) -> Decision:
        stream = log.load(Server, str(self.server))
        for obstacle in scaling.working(stream.state):
            raise obstacle
        server, exceeded = stream.state, self._exceeded(log, stream.state)
        seen = server.drift.seen if server.drift else None
        counted = counts(log, seen.power) if seen else server.counted
        event = drifting.adopted(server, exceeded, self.reason, counted=counted)
        after = server.after(event)
        reply = DriftTaken(server=self.server, size=after.size, host=after.host, exceeded=exceeded)
        return Decision(books.settled(log, stream, self.server, event), reply)

    def _exceeded(self, log: Log, server: Server) -> Amounts:
        quota = log.open(ProjectQuota, server.project).state
        grows = server.drift and server.drift.seen and not server.drift.seen.size.fits(server.size)
        short = quota.shortages(NOTHING, defaults(log)) if grows else []
        if short and not self.force:
            raise QuotaExceeded(project=server.project, shortages=short)
        return {one.resource: one.used - one.limit for one in short}
