"""Set a project's own limits; a resource set to None follows the quota class again."""

from __future__ import annotations

from msgspec.structs import replace

from commands.catalogue import as_expected
from commands.command import Command, Decision, Log, Reply
from commands.default_quota import defaults
from domain.limits import check
from domain.quota import ProjectQuota
from domain.resources import Amounts


class QuotaSet(Reply, frozen=True, kw_only=True):
    project: str
    limits: Amounts
    version: int


class SetQuota(Command, frozen=True, kw_only=True):
    """``expected``: the version that the caller decided on, if it named one.

    Raises StaleVersion, ResourceUnknown, LimitInvalid, QuotaBelowUsage.
    """

    project: str
    limits: dict[str, int | None]
    force: bool = False
    expected: int | None = None
    reason: str = ""

    def decide(self, log: Log) -> Decision:
        stream = log.open(ProjectQuota, self.project)
        as_expected(stream.version, self.expected)
        check(self.limits)
        merged = stream.state.limits | self.limits
        limits = {name: limit for name, limit in merged.items() if limit is not None}
        changed = stream.state.change(
            self.project, limits, defaults=defaults(log), force=self.force
        )
        changed = replace(changed, reason=self.reason)
        if changed.limits == changed.was:
            return Decision([], self._reply(limits, stream.version))
        return Decision(stream.record(changed), self._reply(limits, stream.version + 1))

    def _reply(self, limits: Amounts, version: int) -> QuotaSet:
        return QuotaSet(project=self.project, limits=limits, version=version)
