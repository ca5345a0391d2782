"""A server group: servers to be kept together or apart, and how many there may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self, assert_never
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.hosts.neighbours import GroupPolicy
from domain.shared.errors import QuotaExceeded, Refused, Shortage
from domain.shared.events import Event
from domain.shared.resources import ONE_GROUP, SERVER_GROUP_MEMBERS, UNLIMITED, Amounts


class GroupCreated(Event, frozen=True, kw_only=True, tag="server-group.created"):
    """A group was created. ``max_server_per_host``: members on one host (anti-affinity); None:
    one."""

    project: str
    user: str = ""
    name: str
    policy: GroupPolicy
    max_server_per_host: int | None = None
    reason: str = ""


class GroupDeleted(Event, frozen=True, kw_only=True, tag="server-group.deleted"):
    """The group was deleted. Its servers stay, and are in no group."""

    project: str
    reason: str = ""


class MemberAdded(Event, frozen=True, kw_only=True, tag="server-group.member-added"):
    """A server joined the group; ``user`` owns it."""

    project: str
    server: UUID
    user: str = ""
    reason: str = ""


class MemberRemoved(Event, frozen=True, kw_only=True, tag="server-group.member-removed"):
    """A server left the group, or was deleted."""

    project: str
    server: UUID
    reason: str = ""


ServerGroupEvent = GroupCreated | GroupDeleted | MemberAdded | MemberRemoved


@dataclass(eq=False)
class RulesUnsupported(Refused):
    """``max_server_per_host`` was given for another policy than anti-affinity; in Nova's words."""

    policy: str

    def __str__(self) -> str:
        return "Only anti-affinity policy supports rules."


@dataclass(eq=False)
class PolicyViolated(Refused):
    """The server runs where the group's policy forbids it, so it cannot join."""

    policy: str

    def __str__(self) -> str:
        return f"The server cannot join: where it runs, it would break the policy {self.policy}."


@dataclass(eq=False)
class InAnotherGroup(Refused):
    """The server is in another group; it can be in one only."""

    group: UUID

    def __str__(self) -> str:
        return f"The server is already in group {self.group}; remove it from there first."


class Member(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A server in a group, and the user who owns it."""

    server: UUID
    user: str = ""


class ServerGroup(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A group as its events have made it; ``members`` in the order in which they joined."""

    category: ClassVar[str] = "server-group"
    snapshot_format: ClassVar[int] = 1

    project: str
    user: str = ""
    name: str
    policy: GroupPolicy
    max_server_per_host: int | None = None
    members: tuple[Member, ...] = ()
    deleted: bool = False

    @property
    def is_over(self) -> bool:
        """Once deleted it is never there again: its id was made for it alone."""
        return self.deleted

    # Decisions: what may happen next

    @classmethod
    def create(
        cls,
        *,
        project: str,
        user: str = "",
        name: str,
        policy: GroupPolicy,
        max_server_per_host: int | None = None,
        reason: str = "",
    ) -> GroupCreated:
        """Create a group. Raises RulesUnsupported."""
        if max_server_per_host is not None and policy != "anti-affinity":
            raise RulesUnsupported(policy=policy)
        return GroupCreated(
            project=project,
            user=user,
            name=name,
            policy=policy,
            max_server_per_host=max_server_per_host,
            reason=reason,
        )

    def add(self, id: str, server: UUID, *, user: str, limit: int, reason: str = "") -> MemberAdded:
        """Add a server. ``limit``: how many members ``user`` may have in one group.

        Raises QuotaExceeded.
        """
        used = self.members_of(user)
        if limit != UNLIMITED and used + 1 > limit:
            short = Shortage(
                resource=SERVER_GROUP_MEMBERS,
                asked=1,
                used=used,
                limit=limit,
                left=max(0, limit - used),
                scope="group",
                node=id,
            )
            raise QuotaExceeded(project=self.project, shortages=[short])
        return MemberAdded(project=self.project, server=server, user=user, reason=reason)

    def remove(self, server: UUID, reason: str = "") -> MemberRemoved:
        """Remove a server."""
        return MemberRemoved(project=self.project, server=server, reason=reason)

    def delete(self, reason: str = "") -> GroupDeleted:
        """Delete the group, whoever is in it."""
        return GroupDeleted(project=self.project, reason=reason)

    # Questions

    def members_of(self, user: str) -> int:
        """How many members ``user`` owns: they are counted by user and group (Nova, "Server
        Group Quotas")."""
        return sum(1 for member in self.members if member.user == user)

    def servers(self) -> list[UUID]:
        """The ids of the members, in the order in which they joined."""
        return [member.server for member in self.members]

    def claimed(self) -> Amounts:
        """The quota that its project holds for the group itself."""
        return {} if self.deleted else ONE_GROUP

    # History: what has happened

    @classmethod
    def begin(cls, event: GroupCreated) -> Self:
        """The group as created."""
        return cls(
            project=event.project,
            user=event.user,
            name=event.name,
            policy=event.policy,
            max_server_per_host=event.max_server_per_host,
        )

    def after(self, event: ServerGroupEvent) -> Self:
        """The group after one more event; a deleted one has no members."""
        match event:
            case GroupCreated():
                return self.begin(event)
            case GroupDeleted():
                return replace(self, deleted=True, members=())
            case MemberAdded(server=server, user=user):
                return replace(self, members=(*self.members, Member(server=server, user=user)))
            case MemberRemoved(server=server):
                others = (member for member in self.members if member.server != server)
                return replace(self, members=tuple(others))
            case never:
                assert_never(never)
