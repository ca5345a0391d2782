"""Remove a project's own limits, or those of one user in it: the defaults hold again."""

from __future__ import annotations

from commands.command import Command, Decision, Log
from commands.ledger.catalogue import as_expected
from commands.quotas.set_quota import QuotaSet
from domain.quota import ProjectQuota, QuotaChanged, UserQuotaChanged


class ResetQuota(Command, frozen=True, kw_only=True):
    """Remove own limits. ``user`` "": the project's and those of all its users.

    Shared limits stay. Nothing that exists is touched: where the defaults are below what is in use,
    nothing can grow. Raises StaleVersion.
    """

    project: str
    user: str = ""
    expected: int | None = None
    reason: str = ""

    def decide(self, log: Log) -> Decision:
        """Record each limit that is removed."""
        stream = log.open(ProjectQuota, self.project)
        as_expected(stream.version, self.expected)
        events = self._events(stream.state)
        version = stream.version + len(events)
        reply = QuotaSet(project=self.project, limits={}, version=version, user=self.user)
        return Decision(stream.record(*events), reply)

    def _events(self, quota: ProjectQuota) -> list[QuotaChanged | UserQuotaChanged]:
        events: list[QuotaChanged | UserQuotaChanged] = []
        if quota.limits and not self.user:
            events.append(
                QuotaChanged(project=self.project, was=quota.limits, limits={}, reason=self.reason)
            )
        for user, one in quota.users.items():
            if one.limits and self.user in {"", user}:
                events.append(
                    UserQuotaChanged(
                        project=self.project,
                        user=user,
                        was=one.limits,
                        limits={},
                        reason=self.reason,
                    )
                )
        return events
