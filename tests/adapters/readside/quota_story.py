"""Random commands about quotas: of projects in a tree, of their users, of all; and about groups."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from uuid import UUID

from commands.command import Command
from commands.placement.create_server_group import CreateServerGroup
from commands.placement.delete_server_group import DeleteServerGroup
from commands.placement.join_server_group import JoinServerGroup, LeaveServerGroup
from commands.quotas.move_project import MoveProject
from commands.quotas.reset_quota import ResetQuota
from commands.quotas.set_quota import SetQuota, SetSharedQuota
from commands.quotas.set_quota_class import SetQuotaClass
from commands.servers.describe_server import DescribeServer
from domain.hosts.neighbours import GroupPolicy
from tests.adapters.readside.server_story import PROJECTS, USERS

# Those with servers, and two that only stand above others.
NODES = (*PROJECTS, "team", "acme")
_POLICIES: tuple[GroupPolicy, ...] = (
    "affinity",
    "anti-affinity",
    "soft-affinity",
    "soft-anti-affinity",
)
_RESOURCES = ("instances", "cores", "ram", "server_groups", "server_group_members")


# Whatever comes, some of it happens below two others, and users have something there.
BEFORE: tuple[Command, ...] = (
    MoveProject(project=PROJECTS[0], parent="team"),
    MoveProject(project="team", parent="acme"),
    SetSharedQuota(project="acme", limits={"ram": 10**6}),
)


class QuotaStory:
    """``server``: one to put into a group."""

    def __init__(self, seed: int, server: Callable[[], UUID], groups: list[UUID]) -> None:
        self._random = Random(seed)
        self._server = server
        self._groups = groups

    def command(self) -> Command:
        kinds = (self._limit, self._limit, self._share, self._share, self._move, self._reset)
        more = (self._default, self._group, self._group, self._member, self._member, self._say)
        return self._random.choice((*kinds, *more))()

    def _limits(self) -> dict[str, int | None]:
        count = self._random.choice((60, 200_000))
        limit = self._random.choice((None, -1, count, count))
        return {self._random.choice(_RESOURCES): limit}

    def _limit(self) -> Command:
        return SetQuota(
            project=self._random.choice(NODES),
            user=self._random.choice(USERS),
            limits=self._limits(),
            force=self._random.random() < 0.5,
        )

    def _share(self) -> Command:
        return SetSharedQuota(
            project=self._random.choice(NODES),
            limits=self._limits(),
            force=self._random.random() < 0.5,
        )

    def _move(self) -> Command:
        parent = self._random.choice((None, "team", "acme", *NODES))
        return MoveProject(project=self._random.choice(NODES), parent=parent)

    def _reset(self) -> Command:
        return ResetQuota(
            project=self._random.choice(NODES), user=self._random.choice(("", *USERS))
        )

    def _default(self) -> Command:
        return SetQuotaClass(limits={self._random.choice(_RESOURCES): 10**6})

    def _group(self) -> Command:
        if self._groups and self._random.random() < 0.3:
            return DeleteServerGroup(group=self._random.choice(self._groups))
        self._groups.append(UUID(int=self._random.getrandbits(120)))
        return CreateServerGroup(
            group=self._groups[-1],
            project=self._random.choice(PROJECTS),
            user=self._random.choice(USERS),
            name='"web" été',
            policy=self._random.choice(_POLICIES),
            max_server_per_host=self._random.choice((None, None, 2)),
        )

    def _member(self) -> Command:
        group = self._random.choice(self._groups) if self._groups else UUID(int=1)
        kind = JoinServerGroup if self._random.random() < 0.7 else LeaveServerGroup
        return kind(group=group, server=self._server())

    def _say(self) -> Command:
        key = self._random.choice(("tier", "é", '"'))
        value = self._random.choice((None, "1", "\\2"))
        return DescribeServer(server=self._server(), metadata={key: value})
