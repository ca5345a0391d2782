"""Scale a server up or down, within its ceiling and its project's quota."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from commands.command import Command, Decision, Log, Reply
from commands.default_quota import defaults
from domain.errors import QuotaExceeded
from domain.plan import affordable
from domain.quota import ProjectQuota, QuotaClaimed
from domain.resources import Amounts
from domain.server import Server
from domain.size import Size


class ScaleAccepted(Reply, frozen=True, kw_only=True):
    operation: UUID
    server: UUID
    was: Size
    to: Size
    deadline: datetime


class ScaleServer(Command, frozen=True, kw_only=True):
    """Growing claims quota now; shrinking gives it back when it is confirmed.

    Raises NotFound, ScaleInProgress, OutcomeUndecided, NotScalable, AboveCeiling, NeedsRestart,
    Misaligned, NoMemorySlot, QuotaExceeded.
    """

    server: UUID
    to: Size
    operation: UUID
    deadline: datetime
    reason: str = ""

    def decide(self, log: Log) -> Decision:
        server = log.load(Server, str(self.server))
        asked = server.state.scale(
            to=self.to, operation=self.operation, deadline=self.deadline, reason=self.reason
        )
        changes = server.record(asked)
        if growth := server.state.growth(self.to):
            quota = log.open(ProjectQuota, server.state.project)
            changes += quota.record(self._claim(server.state, quota.state, growth, defaults(log)))
        return Decision(changes, self._reply(server.state.size))

    def _claim(
        self, server: Server, quota: ProjectQuota, growth: Amounts, defaults: Amounts
    ) -> QuotaClaimed:
        try:
            return quota.claim(
                server.project,
                growth,
                defaults=defaults,
                server=self.server,
                operation=self.operation,
            )
        except QuotaExceeded as e:
            e.would_fit = affordable(server, quota, defaults=defaults, to=self.to)
            raise

    def _reply(self, was: Size) -> ScaleAccepted:
        return ScaleAccepted(
            operation=self.operation,
            server=self.server,
            was=was,
            to=self.to,
            deadline=self.deadline,
        )
