"""Set the limits of a project, of a user in it, or of what it shares with all below it."""

from __future__ import annotations

from collections.abc import Mapping

from commands.command import Command, Decision, Log, Reply, Stream
from commands.ledger.catalogue import as_expected
from commands.ledger.quotas import defaults
from domain.quota import (
    ProjectQuota,
    QuotaChanged,
    SharedQuotaChanged,
    UserQuotaChanged,
    limiting,
)
from domain.quota.limits import check
from domain.shared.resources import Amounts

_Changed = QuotaChanged | UserQuotaChanged | SharedQuotaChanged


class QuotaSet(Reply, frozen=True, kw_only=True):
    """The limits that are set now, all of them. ``user`` "": the project's."""

    project: str
    limits: Amounts
    version: int
    user: str = ""


class SetQuota(Command, frozen=True, kw_only=True):
    """Set limits of a project, or of one ``user`` in it; a resource that is not named keeps its
    limit.

    None: the resource follows the quota class again, or the project if it is a user's. ``force``:
    even below what is in use. ``expected``: the version that the caller decided on. Raises
    StaleVersion, ResourceUnknown, LimitInvalid, QuotaBelowUsage, AboveProject.
    """

    project: str
    limits: dict[str, int | None]
    user: str = ""
    force: bool = False
    expected: int | None = None
    reason: str = ""

    def decide(self, log: Log) -> Decision:
        """Record the limits; nothing where they are so already."""
        stream = _opened(log, self.project, self.expected)
        check(self.limits)
        return _decision(stream, self._changed(stream.state, defaults(log)), self.user)

    def _changed(self, quota: ProjectQuota, defaults: Amounts) -> QuotaChanged | UserQuotaChanged:
        if not self.user:
            limits = merged(quota.limits, self.limits)
            return limiting.change(
                quota,
                self.project,
                limits,
                defaults=defaults,
                force=self.force,
                reason=self.reason,
            )
        limits = merged(quota.user(self.user).limits, self.limits)
        return limiting.change_user(
            quota,
            self.project,
            self.user,
            limits,
            defaults=defaults,
            force=self.force,
            reason=self.reason,
        )


class SetSharedQuota(Command, frozen=True, kw_only=True):
    """Set limits that a project shares with all below it; None: the resource is not shared.

    Raises StaleVersion, ResourceUnknown, LimitInvalid, NotShared, QuotaBelowUsage.
    """

    project: str
    limits: dict[str, int | None]
    force: bool = False
    expected: int | None = None
    reason: str = ""

    def decide(self, log: Log) -> Decision:
        """Record the limits; nothing where they are so already."""
        stream = _opened(log, self.project, self.expected)
        check(self.limits)
        limits = merged(stream.state.shared, self.limits)
        changed = limiting.change_shared(
            stream.state, self.project, limits, force=self.force, reason=self.reason
        )
        return _decision(stream, changed)


def merged(now: Amounts, asked: Mapping[str, int | None]) -> Amounts:
    """The limits with those asked for; a resource set to None is left out."""
    return {name: limit for name, limit in {**now, **asked}.items() if limit is not None}


def _opened(log: Log, project: str, expected: int | None) -> Stream[ProjectQuota]:
    """The project's quota at the version expected. Raises StaleVersion."""
    stream = log.open(ProjectQuota, project)
    as_expected(stream.version, expected)
    return stream


def _decision(stream: Stream[ProjectQuota], changed: _Changed, user: str = "") -> Decision:
    """Record the change, unless nothing changes by it."""
    changes = [] if changed.limits == changed.was else stream.record(changed)
    version = stream.version + len(changes)
    reply = QuotaSet(project=changed.project, limits=changed.limits, version=version, user=user)
    return Decision(changes, reply)
