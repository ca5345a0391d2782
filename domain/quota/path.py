"""A project's quota with all that stands above it: who wants more must find room in each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from domain.quota.quota import ProjectQuota
from domain.shared.errors import QuotaExceeded, Scope, Shortage
from domain.shared.resources import UNLIMITED, Amounts


class Node(NamedTuple):
    """One project of the path."""

    id: str
    quota: ProjectQuota


class Bound(NamedTuple):
    """One limit in force for a resource, and what counts against it."""

    scope: Scope
    node: str
    limit: int
    used: int

    @property
    def left(self) -> int:
        return max(0, self.limit - self.used)


class QuotaPath(NamedTuple):
    """``nodes``: the project first, then its parent, and so on to the top. ``defaults``: the quota
    class's limits. ``user``: whose the claim is; "": nobody's in particular."""

    nodes: tuple[Node, ...]
    defaults: Amounts
    user: str = ""

    @property
    def project(self) -> str:
        return self.nodes[0].id

    @property
    def quota(self) -> ProjectQuota:
        return self.nodes[0].quota

    def limit(self, resource: str) -> int:
        """What the user may have of it in this project, whatever stands above."""
        return self.quota.user_limit(self.user, resource, self.defaults)

    def must_hold(self, resource: str, amount: int) -> None:
        """Of what is limited for each single thing, as the metadata of a server. Raises
        QuotaExceeded."""
        limit = self.limit(resource)
        if UNLIMITED != limit < amount:
            short = Shortage(
                resource=resource, asked=amount, used=0, limit=limit, left=limit, node=self.project
            )
            raise QuotaExceeded(project=self.project, shortages=[short])

    def left(self, resource: str) -> int | None:
        """How much more may be claimed; None is without limit."""
        return min((bound.left for bound in self.bounds(resource)), default=None)

    def shortages(self, asked: Amounts) -> list[Shortage]:
        """Each resource that would be above a limit with ``asked`` more, by what leaves least."""
        return [
            _shortage(name, more, self.bounds(name))
            for name, more in asked.items()
            if self._is_short(name, more)
        ]

    def shared_shortages(self, asked: Amounts) -> list[Shortage]:
        """The same, of the limits that are shared only."""
        return [
            _shortage(name, more, self._shared(name))
            for name, more in asked.items()
            if any(bound.used + more > bound.limit for bound in self._shared(name))
        ]

    def _is_short(self, name: str, more: int) -> bool:
        """As `bounds` has it, and without making any: every claim passes here."""
        quota = self.nodes[0].quota
        limit = quota.limit(name, self.defaults)
        if UNLIMITED != limit < quota.used.get(name, 0) + more:
            return True
        if len(self.nodes) == 1 and not quota.shared and self.user not in quota.users:
            return False
        return any(bound.used + more > bound.limit for bound in self.bounds(name))

    def bounds(self, resource: str) -> Iterator[Bound]:
        """Every limit in force, the nearest first."""
        project, quota = self.nodes[0]
        own = quota.users.get(self.user)
        if own and (limit := own.limits.get(resource, UNLIMITED)) != UNLIMITED:
            yield Bound("user", self.user, limit, own.used.get(resource, 0))
        if (limit := quota.limit(resource, self.defaults)) != UNLIMITED:
            yield Bound("project", project, limit, quota.used.get(resource, 0))
        yield from self._shared(resource)

    def _shared(self, resource: str) -> Iterator[Bound]:
        for node, quota in self.nodes:
            if (limit := quota.shared.get(resource, UNLIMITED)) != UNLIMITED:
                used = quota.used.get(resource, 0) + quota.below.get(resource, 0)
                yield Bound("shared", node, limit, used)


def _shortage(name: str, more: int, bounds: Iterator[Bound]) -> Shortage:
    short = (one for one in bounds if one.used + more > one.limit)
    bound = min(short, key=lambda one: one.limit - one.used)
    return Shortage(
        resource=name,
        asked=more,
        used=bound.used,
        limit=bound.limit,
        left=bound.left,
        scope=bound.scope,
        node=bound.node,
    )
