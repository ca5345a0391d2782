"""Create a server group, within its project's quota."""

from __future__ import annotations

from uuid import UUID

from commands.command import Command, Decision, Log, first
from commands.ledger import quotas
from commands.ledger.server_groups import recorded
from domain.hosts.neighbours import GroupPolicy
from domain.hosts.server_group import ServerGroup
from domain.quota.claims import For, claim


class CreateServerGroup(Command, frozen=True, kw_only=True):
    """Create a group. ``max_server_per_host``: members on one host (anti-affinity); None: one.

    Raises RulesUnsupported, QuotaExceeded.
    """

    group: UUID
    project: str
    name: str
    policy: GroupPolicy
    max_server_per_host: int | None = None
    user: str = ""
    reason: str = ""

    def decide(self, log: Log) -> Decision:
        """Record the group, and claim one server group of the quota."""
        created = ServerGroup.create(
            project=self.project,
            user=self.user,
            name=self.name,
            policy=self.policy,
            max_server_per_host=self.max_server_per_host,
            reason=self.reason,
        )
        group = ServerGroup.begin(created)
        path = quotas.path(log, self.project, self.user)
        claims = claim(path, group.claimed(), For(group=self.group))
        changes = [*first(ServerGroup, str(self.group), created), *quotas.recorded(log, claims)]
        return Decision(changes, recorded(self.group, group, 1))
