"""Delete a server group; its servers stay, and are in no group."""

from __future__ import annotations

from uuid import UUID

from commands.command import Command, Decision, Log, Reply
from commands.ledger import quotas
from commands.ledger.catalogue import as_expected, present
from domain.hosts.server_group import ServerGroup
from domain.quota.claims import For, settle


class DeleteServerGroup(Command, frozen=True, kw_only=True):
    """Delete a group. ``expected``: the version that the caller decided on.

    Raises NotFound, StaleVersion.
    """

    group: UUID
    expected: int | None = None
    reason: str = ""

    def decide(self, log: Log) -> Decision:
        """Record the deletion, and give its quota back."""
        stream = present(log, ServerGroup, str(self.group))
        as_expected(stream.version, self.expected)
        group, deleted = stream.state, stream.state.delete(self.reason)
        path = quotas.path(log, group.project, group.user)
        claims = settle(path, group.claimed(), {}, For(group=self.group))
        return Decision([*stream.record(deleted), *quotas.recorded(log, claims)], Reply())
