"""Rules: server groups come and go, and servers join and leave them."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from commands.placement.create_server_group import CreateServerGroup
from commands.placement.delete_server_group import DeleteServerGroup
from commands.placement.join_server_group import JoinServerGroup, LeaveServerGroup
from domain.hosts.server_group import InAnotherGroup, PolicyViolated
from domain.shared.errors import NotFound, QuotaExceeded, Refused
from tests.commands.model.accounts import Account, Group, Policy
from tests.commands.model.machine import Region, one_of
from tests.commands.model.operating import PICK, PROJECT, USER

MOST_GROUPS = 3
POLICIES: tuple[Policy, ...] = ("affinity", "anti-affinity")


class Grouping(Region):
    def begin(self) -> None:
        super().begin()
        self.make_group("blue", "", "anti-affinity")

    @precondition(lambda self: len(self.books.groups) < MOST_GROUPS)
    @rule(project=PROJECT, user=USER, policy=st.sampled_from(POLICIES))
    def make_group(self, project: str, user: str, policy: Policy) -> None:
        id_, group = self.new_id(), Group(project, user, policy)
        due = QuotaExceeded if self.books.over(project, group.claim(), user) else None
        wish = CreateServerGroup(group=id_, project=project, user=user, name="web", policy=policy)
        if self.expect(due, wish):
            self.books.groups[id_] = group
            self.within_its_limits()

    @invariant()
    def policies_hold_where_nobody_else_has_moved_anything(self) -> None:
        for id_, group in self.books.groups.items():
            ever = {server: one for server, one in self.books.servers.items() if one.group == id_}
            if any(self.world.touches[server] or one.job for server, one in ever.items()):
                continue
            hosts = [one.host for one in ever.values() if one.alive]
            apart = group.policy == "anti-affinity"
            assert len(set(hosts)) == (len(hosts) if apart else min(1, len(hosts)))

    @precondition(lambda self: self.books.groups)
    @rule(pick=PICK)
    def delete_group(self, pick: int) -> None:
        id_ = one_of(self.books.groups, pick)
        self.expect(None, DeleteServerGroup(group=id_))
        del self.books.groups[id_]

    @precondition(lambda self: self.books.groups and self.alive())
    @rule(pick=PICK, other=PICK)
    def join(self, pick: int, other: int) -> None:
        id_, server = one_of(self.books.groups, pick), one_of(self.alive(), other)
        one = self.books.servers[server]
        if self.expect(self._joining(one, other=pick), JoinServerGroup(group=id_, server=server)):
            one.group = id_

    def _joining(self, one: Account, *, other: int) -> type[Refused] | None:
        id_ = one_of(self.books.groups, other)
        if self.books.groups[id_].project != one.project:
            return NotFound
        if one.group == id_:
            return None
        if one.group in self.books.groups:
            return InAnotherGroup
        lets = all(self.books.lets(id_, host, one) for host in one.places())
        return None if lets else PolicyViolated

    @precondition(lambda self: self.books.groups and self.alive())
    @rule(pick=PICK, other=PICK)
    def leave(self, pick: int, other: int) -> None:
        id_, server = one_of(self.books.groups, pick), one_of(self.alive(), other)
        one = self.books.servers[server]
        due = None if one.group == id_ else NotFound
        if self.expect(due, LeaveServerGroup(group=id_, server=server)):
            one.group = None
