"""A server group: which servers belong together, or apart, and how many of them there may be."""

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
    """``max_server_per_host``: members that one host may have, with anti-affinity; None: one."""

    project: str
    user: str = ""
    name: str
    policy: GroupPolicy
    max_server_per_host: int | None = None
    reason: str = ""


class GroupDeleted(Event, frozen=True, kw_only=True, tag="server-group.deleted"):
    """Its servers stay, and stand in no group any more."""

    project: str
    reason: str = ""


class MemberAdded(Event, frozen=True, kw_only=True, tag="server-group.member-added"):
    project: str
    server: UUID
    user: str = ""
    reason: str = ""


class MemberRemoved(Event, frozen=True, kw_only=True, tag="server-group.member-removed"):
    project: str
    server: UUID
    reason: str = ""


ServerGroupEvent = GroupCreated | GroupDeleted | MemberAdded | MemberRemoved


@dataclass(eq=False)
class RulesUnsupported(Refused):
    """Nova's words."""

    policy: str

    def __str__(self) -> str:
        return "Only anti-affinity policy supports rules."


@dataclass(eq=False)
class PolicyViolated(Refused):
    """A server that is there already can only join where it does not break the policy."""

    policy: str

    def __str__(self) -> str:
        return f"Where the server runs it would break the group's policy of {self.policy}."


@dataclass(eq=False)
class InAnotherGroup(Refused):
    """A server is in one group at the most."""

    group: UUID

    def __str__(self) -> str:
        return f"The server is in the group {self.group} already."


class Member(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A server in a group, and whose it is."""

    server: UUID
    user: str = ""


class ServerGroup(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """``members`` in the order in which they came."""

    category: ClassVar[str] = "server-group"
    snapshot_format: ClassVar[int] = 1
    returns: ClassVar[bool] = False
    """Once deleted it is never there again: its id was made for it alone."""

    project: str
    user: str = ""
    name: str
    policy: GroupPolicy
    max_server_per_host: int | None = None
    members: tuple[Member, ...] = ()
    deleted: bool = False

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
        """Raises RulesUnsupported."""
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
        """``limit``: how many members the user may have in one group. Raises QuotaExceeded."""
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
        return MemberRemoved(project=self.project, server=server, reason=reason)

    def delete(self, reason: str = "") -> GroupDeleted:
        return GroupDeleted(project=self.project, reason=reason)

    # Questions

    def members_of(self, user: str) -> int:
        """Members are counted by user and group ("Server Group Quotas", Nova)."""
        return sum(1 for member in self.members if member.user == user)

    def servers(self) -> list[UUID]:
        return [member.server for member in self.members]

    def claimed(self) -> Amounts:
        """What its project holds for it."""
        return {} if self.deleted else ONE_GROUP

    # History: what has happened

    @classmethod
    def begin(cls, event: GroupCreated) -> Self:
        return cls(
            project=event.project,
            user=event.user,
            name=event.name,
            policy=event.policy,
            max_server_per_host=event.max_server_per_host,
        )

    def after(self, event: ServerGroupEvent) -> Self:
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
