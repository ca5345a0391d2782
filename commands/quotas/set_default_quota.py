"""Set the limits of every project that has none of its own."""

from __future__ import annotations

from commands.command import Command, Decision, Log, Reply
from domain.quota.quota_class import DEFAULT, QuotaClass
from domain.shared.resources import Amounts


class SetDefaultQuota(Command, frozen=True, kw_only=True):
    """As the settings have them; what was set at run time stays. Records nothing where the limits
    are these already. Raises ResourceUnknown, LimitInvalid."""

    limits: Amounts

    def decide(self, log: Log) -> Decision:
        """Record the limits; nothing where they are so already."""
        stream = log.open(QuotaClass, DEFAULT)
        changed = stream.state.configure(self.limits)
        if changed.limits == changed.was:
            return Decision([], Reply())
        return Decision(stream.record(changed), Reply())
