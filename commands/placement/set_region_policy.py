"""Set the rules of the region."""

from __future__ import annotations

from commands.command import Command, Decision, Log, Reply
from commands.ledger.catalogue import as_expected
from domain.catalogue.region_policy import POLICY, RegionPolicy, RegionRules, StoppedServers


class PolicyRecorded(Reply, frozen=True, kw_only=True):
    """The region's rules now; version 0 before they were set for the first time."""

    scaling: bool
    stopped_servers: StoppedServers
    scale_retries: int
    version: int


class SetRegionPolicy(Command, frozen=True, kw_only=True):
    """Change the region's rules; a field that is None stays. Raises StaleVersion,
    RetriesInvalid."""

    scaling: bool | None = None
    stopped_servers: StoppedServers | None = None
    scale_retries: int | None = None
    expected: int | None = None
    reason: str = ""

    def decide(self, log: Log) -> Decision:
        """Record the rules; nothing where they are so already."""
        stream = log.open(RegionPolicy, POLICY)
        as_expected(stream.version, self.expected)
        changed = stream.state.change(self._wanted(stream.state), self.reason)
        if changed.to == changed.was:
            return Decision([], recorded(changed.to, stream.version))
        return Decision(stream.record(changed), recorded(changed.to, stream.version + 1))

    def _wanted(self, now: RegionRules) -> RegionRules:
        retries = now.scale_retries if self.scale_retries is None else self.scale_retries
        return RegionRules(
            scaling=now.scaling if self.scaling is None else self.scaling,
            stopped_servers=self.stopped_servers or now.stopped_servers,
            scale_retries=retries,
        )


def recorded(rules: RegionRules, version: int) -> PolicyRecorded:
    """The reply about the rules at ``version``."""
    return PolicyRecorded(
        scaling=rules.scaling,
        stopped_servers=rules.stopped_servers,
        scale_retries=rules.scale_retries,
        version=version,
    )
