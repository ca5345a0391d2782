"""Scale a server up or down, within its ceiling, its project's quota and its hosts' room."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec.structs import replace

from commands.command import Command, Decision, Log, Reply
from commands.ledger import books
from commands.ledger.scales import scale_of
from domain.scaling.assess import Assessment, Scale, assess
from domain.scaling.route import Route
from domain.server import Consent, Mode, Server, scaling
from domain.shared.errors import Refused, StalePlan
from domain.shared.size import Size

Dimension = Literal["vcpus", "memory_mib"]


class ScaleAccepted(Reply, frozen=True, kw_only=True):
    """The scale is open; it ends by ``deadline`` (UTC). ``to_host``: where it migrates first."""

    operation: UUID
    server: UUID
    was: Size
    to: Size
    mode: Mode
    to_host: str | None
    deadline: datetime


class ScaleServer(Command, frozen=True, kw_only=True):
    """Scale a server. Growth claims quota now; a shrink gives it back when it is confirmed.

    ``only``: of ``to``, this dimension alone counts; the other stays. ``consent``: what is allowed
    beside a live change. ``plan``: the version of the plan that the caller decided on. ``deadline``
    and ``cool_until`` in UTC. Raises NotFound, ScaleInProgress, OutcomeUndecided, DriftOpen,
    ResizeUnconfirmed, PowerForbids, NotScalable, AboveCeiling, NothingToChange, NeedsRestart,
    Misaligned, NoMemorySlot, QuotaExceeded, NoValidHost, NeedsMigration, StalePlan.
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
        """Assess the scale, and open it by the route that the consent covers."""
        found = self.assessed(log)
        route = found.answer(self.consent)
        if isinstance(route, Refused):
            raise route
        if self.plan and self.plan != (now := found.version()):
            raise StalePlan(planned=self.plan, current=now)
        return self.accepted(log, found.scale, route)

    def assessed(self, log: Log) -> Assessment:
        """The assessment of this scale now. Raises NotFound."""
        stream = log.load(Server, str(self.server))
        has, to = stream.state.size, self.to
        if self.only:
            to = replace(has, **{self.only: getattr(to, self.only)})
        return assess(scale_of(log, stream, self.server, to))

    def accepted(self, log: Log, scale: Scale, route: Route) -> Decision:
        """The decision that opens the scale, as it was assessed, by ``route``."""
        stream = log.load(Server, str(self.server))
        asked = scaling.request(
            stream.state,
            to=scale.to,
            operation=self.operation,
            deadline=self.deadline,
            reason=self.reason,
            consent=self.consent,
            mode=route.mode,
            to_host=route.to_host,
            cool_until=self.cool_until,
        )
        changes = books.claimed(
            log, stream, self.server, asked, operation=self.operation, quota=scale.quota
        )
        return Decision(changes, self._reply(stream.state.size, scale.to, route))

    def _reply(self, was: Size, to: Size, route: Route) -> ScaleAccepted:
        return ScaleAccepted(
            operation=self.operation,
            server=self.server,
            was=was,
            to=to,
            mode=route.mode,
            to_host=route.to_host,
            deadline=self.deadline,
        )
