"""The reply about a server group that was created or changed."""

from __future__ import annotations

from uuid import UUID

from commands.command import Reply
from domain.hosts.neighbours import GroupPolicy
from domain.hosts.server_group import ServerGroup


class GroupRecorded(Reply, frozen=True, kw_only=True):
    """The group as it is now; ``members`` in the order in which they joined."""

    id: UUID
    project: str
    user: str
    name: str
    policy: GroupPolicy
    max_server_per_host: int | None
    members: list[UUID]
    version: int


def recorded(id: UUID, group: ServerGroup, version: int) -> GroupRecorded:
    """The reply about the group at ``version``."""
    return GroupRecorded(
        id=id,
        project=group.project,
        user=group.user,
        name=group.name,
        policy=group.policy,
        max_server_per_host=group.max_server_per_host,
        members=group.servers(),
        version=version,
    )
