"""Scale a server up or down, within its ceiling, its project's quota and its hosts' room."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec.structs import replace

from commands.command import Change, Command, Decision, Log, Reply, Stream
from commands.ledger import books, quotas
from commands.ledger.hosts import HostsOf
from commands.ledger.region_policy import closed
from domain.scaling.plan import affordable, plan_version
from domain.scaling.route import Route, choose_route
from domain.server import Consent, Mode, Server, scaling
from domain.shared.errors import QuotaExceeded, Refused, StalePlan
from domain.shared.size import Size

Dimension = Literal["vcpus", "memory_mib"]


class ScaleAccepted(Reply, frozen=True, kw_only=True):
    operation: UUID
    server: UUID
    was: Size
    to: Size
    mode: Mode
    to_host: str | None
    deadline: datetime


class ScaleServer(Command, frozen=True, kw_only=True):
    """Growing claims quota now; shrinking gives it back when it is confirmed.

    ``only``: of ``to`` that alone counts, the other dimension stays as it is when this is decided.
    ``consent``: what is allowed beside a live change, and never more. ``plan``: the version of the
    plan that the caller decided on. ``cool_until``: for recommendations.

    Raises NotFound, ScaleInProgress, OutcomeUndecided, DriftOpen, PowerForbids, NotScalable,
    AboveCeiling, NothingToChange, NeedsRestart, Misaligned, NoMemorySlot, QuotaExceeded,
    NoValidHost, NeedsMigration, StalePlan.
    """

    server: UUID
    to: Size
    operation: UUID
    deadline: datetime
    reason: str = ""
    only: Dimension | None = None
    consent: Consent = "live"
    plan: str | None = None
    cool_until: datetime | None = None

    def decide(self, log: Log) -> Decision:
        server = log.load(Server, str(self.server))
        if self.only:
            whole = replace(server.state.size, **{self.only: getattr(self.to, self.only)})
            return replace(self, to=whole, only=None).decide(log)
        for obstacle in scaling.obstacles(server.state, self.to, closed(log, server.state)):
            raise obstacle
        limits = tuple(scaling.live_obstacles(server.state, self.to))
        try:
            goes = self._way(log, server, limits)
            changes = self._changes(log, server, goes)
        except StalePlan:
            raise
        except Refused as refused:
            # The quota comes before capacity, and before a consent that would be of no use.
            raise self._short(log, server.state) or refused from None
        return Decision(changes, self._reply(server.state.size, goes))

    def _way(self, log: Log, server: Stream[Server], limits: tuple[Refused, ...]) -> Route:
        goes = choose_route(server.state, self.to, HostsOf(log, self.server), limits=limits)
        if not goes.consented(self.consent):
            raise goes.needs[0]
        if self.plan and self.plan != (now := plan_version(server.version, self.to, goes)):
            raise StalePlan(planned=self.plan, current=now)
        return goes

    def _short(self, log: Log, server: Server) -> QuotaExceeded | None:
        path = quotas.path(log, server.project, server.user)
        if not (short := path.shortages(scaling.growth(server, self.to))):
            return None
        fit = affordable(server, path, to=self.to, hosts=HostsOf(log, self.server))
        return QuotaExceeded(project=server.project, shortages=short, would_fit=fit)

    def _changes(self, log: Log, server: Stream[Server], goes: Route) -> list[Change]:
        asked = scaling.request(
            server.state,
            to=self.to,
            operation=self.operation,
            deadline=self.deadline,
            reason=self.reason,
            consent=self.consent,
            mode=goes.mode,
            to_host=goes.to_host,
            cool_until=self.cool_until,
        )
        return books.claimed(log, server, self.server, asked, operation=self.operation)

    def _reply(self, was: Size, goes: Route) -> ScaleAccepted:
        return ScaleAccepted(
            operation=self.operation,
            server=self.server,
            was=was,
            to=self.to,
            mode=goes.mode,
            to_host=goes.to_host,
            deadline=self.deadline,
        )
