"""Set the default limits at run time: those of every project that has none of its own."""

from __future__ import annotations

from commands.command import Command, Decision, Log, Reply
from commands.ledger.catalogue import as_expected
from domain.quota.quota_class import DEFAULT, QuotaClass
from domain.shared.resources import Amounts


class QuotaClassSet(Reply, frozen=True, kw_only=True):
    """All default limits in force."""

    limits: Amounts
    version: int


class SetQuotaClass(Command, frozen=True, kw_only=True):
    """Set default limits; a resource that is not named keeps its limit. Nothing that exists is
    touched.

    Classes of another ``name`` are kept as Nova keeps them: no project is in them. Raises
    StaleVersion, ResourceUnknown, LimitInvalid.
    """

    limits: Amounts
    name: str = DEFAULT
    expected: int | None = None
    reason: str = ""

    def decide(self, log: Log) -> Decision:
        """Record the limits; nothing where they are so already."""
        stream = log.open(QuotaClass, self.name)
        as_expected(stream.version, self.expected)
        changed = stream.state.change(self.limits, self.reason)
        same = changed.limits == changed.was and changed.own == stream.state.own
        changes = [] if same else stream.record(changed)
        version = stream.version + len(changes)
        return Decision(changes, QuotaClassSet(limits=changed.limits, version=version))
