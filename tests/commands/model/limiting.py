"""Rules: limits of users and of trees are set meanwhile, and projects are moved."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule

from commands.quotas.move_project import MoveProject
from commands.quotas.reset_quota import ResetQuota
from commands.quotas.set_quota import SetQuota, SetSharedQuota
from domain.quota.limiting import AboveProject
from domain.quota.tree import BelowItself
from domain.shared.errors import QuotaExceeded, Refused
from tests.commands.model.limits import exceeds
from tests.commands.model.machine import NODES, PROJECTS, USERS, Region
from tests.commands.model.operating import PROJECT, USER

NODE = st.sampled_from(NODES)
LIMITS = st.fixed_dictionaries(
    {},
    optional={
        "instances": st.integers(-1, 5),
        "cores": st.integers(-1, 20),
        "ram": st.integers(0, 32).map(lambda n: n * 1024),
        "server_groups": st.integers(-1, 2),
    },
)


class Limiting(Region):
    def begin(self) -> None:
        """Both projects stand below another one, and share what is little for two."""
        super().begin()
        for project in PROJECTS:
            self.move(project, "top")
        self.set_shared_quota("top", {"cores": 10, "ram": 20 * 1024})

    @rule(project=PROJECT, user=st.sampled_from(USERS), limits=LIMITS)
    def set_user_quota(self, project: str, user: str, limits: dict[str, int]) -> None:
        """Above the project's own never, not even by force."""
        known = self.books.limits
        was, own = known.users.get((project, user), {}), known.own.get(project, {})
        above = [
            name
            for name, limit in limits.items()
            if was.get(name) != limit
            and (most := own.get(name, -1)) != -1
            and (limit == -1 or limit > most)
        ]
        wish = SetQuota(project=project, user=user, limits=dict(limits), force=True)
        if self.expect(AboveProject if above else None, wish):
            known.users[project, user] = was | limits

    @rule(node=NODE, limits=LIMITS)
    def set_shared_quota(self, node: str, limits: dict[str, int]) -> None:
        self.expect(None, SetSharedQuota(project=node, limits=dict(limits), force=True))
        self.books.limits.shared[node] = self.books.limits.shared.get(node, {}) | limits

    @rule(project=PROJECT, user=USER)
    def reset_quota(self, project: str, user: str) -> None:
        self.expect(None, ResetQuota(project=project, user=user))
        known = self.books.limits
        if not user:
            known.own.pop(project, None)
        for one in USERS if not user else (user,):
            known.users.pop((project, one), None)

    @rule(above=st.booleans())
    def move_the_top(self, *, above: bool) -> None:
        """With all that stands below it."""
        self.move("top", "root" if above else None)

    @rule(project=NODE, parent=st.sampled_from([*NODES, "top", "top", None]))
    def move(self, project: str, parent: str | None) -> None:
        if self.expect(self._moving(project, parent), MoveProject(project=project, parent=parent)):
            self.books.limits.parents[project] = parent

    def _moving(self, project: str, parent: str | None) -> type[Refused] | None:
        known = self.books.limits
        if known.parents.get(project) == parent:
            return None
        above = known.path(parent) if parent else []
        if project in above:
            return BelowItself
        comes = {name: more for name, more in self.books.total(project).items() if more}
        joins = [node for node in above if node not in known.path(project)]
        broken = any(
            exceeds(known.shared.get(node, {}), self.books.total(node), comes) for node in joins
        )
        return QuotaExceeded if broken else None
