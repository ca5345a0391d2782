"""Rules: server groups come and go, and servers join and leave them."""

from __future__ import annotations

from hypothesis.stateful import precondition, rule

from commands.create_server_group import CreateServerGroup
from commands.delete_server_group import DeleteServerGroup
from commands.join_server_group import JoinServerGroup, LeaveServerGroup
from domain.errors import NotFound, QuotaExceeded, Refused
from domain.server_group import InAnotherGroup, PolicyViolated
from tests.commands.model.accounts import Account, Group
from tests.commands.model.machine import Region, one_of
from tests.commands.model.operating import PICK, PROJECT, USER

MOST_GROUPS = 3


class Grouping(Region):
    def begin(self) -> None:
        super().begin()
        self.make_group("blue", "")

    @precondition(lambda self: len(self.books.groups) < MOST_GROUPS)
    @rule(project=PROJECT, user=USER)
    def make_group(self, project: str, user: str) -> None:
        id_, group = self.new_id(), Group(project, user)
        due = QuotaExceeded if self.books.over(project, group.claim(), user) else None
        wish = CreateServerGroup(
            group=id_, project=project, user=user, name="web", policy="anti-affinity"
        )
        if self.expect(due, wish):
            self.books.groups[id_] = group
            self.within_its_limits()

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
        taken = {host for member in self.books.members(id_, one) for host in member.places()}
        return PolicyViolated if taken & one.places().keys() else None

    @precondition(lambda self: self.books.groups and self.alive())
    @rule(pick=PICK, other=PICK)
    def leave(self, pick: int, other: int) -> None:
        id_, server = one_of(self.books.groups, pick), one_of(self.alive(), other)
        one = self.books.servers[server]
        due = None if one.group == id_ else NotFound
        if self.expect(due, LeaveServerGroup(group=id_, server=server)):
            one.group = None
