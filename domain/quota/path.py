"""A project's quota with those of all projects above it: each must have room for a claim."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from domain.quota.quota import ProjectQuota
from domain.shared.errors import QuotaExceeded, Scope, Shortage
from domain.shared.resources import UNLIMITED, Amounts


class Node(NamedTuple):
    """One project on the path."""

    id: str
    quota: ProjectQuota


class Bound(NamedTuple):
    """One limit in force for a resource, and how much counts against it."""

    scope: Scope
    node: str
    limit: int
    used: int

    @property
    def left(self) -> int:
        """How much more may be claimed; 0 where usage is above the limit."""
        return max(0, self.limit - self.used)


class QuotaPath(NamedTuple):
    """A project and all above it.

    ``nodes``: the project first, then its parent, and so on to the top. ``defaults``: the limits of
    the quota class. ``user``: whose the claim is; "": nobody's in particular.
    """

    nodes: tuple[Node, ...]
    defaults: Amounts
    user: str = ""

    @property
    def project(self) -> str:
        """The id of the project itself."""
        return self.nodes[0].id

    @property
    def quota(self) -> ProjectQuota:
        """The quota of the project itself."""
        return self.nodes[0].quota

    def limit(self, resource: str) -> int:
        """How much the user may have in this project, whatever the limits above it; -1:
        unlimited."""
        return self.quota.user_limit(self.user, resource, self.defaults)

    def must_hold(self, resource: str, amount: int) -> None:
        """Check a limit on each single thing, such as the metadata items of one server.

        Raises QuotaExceeded.
        """
        limit = self.limit(resource)
        if UNLIMITED != limit < amount:
            short = Shortage(
                resource=resource, asked=amount, used=0, limit=limit, left=limit, node=self.project
            )
            raise QuotaExceeded(project=self.project, shortages=[short])

    def left(self, resource: str) -> int | None:
        """How much more may be claimed by all limits in force; None: without limit."""
        return min((bound.left for bound in self.bounds(resource)), default=None)

    def shortages(self, asked: Amounts) -> list[Shortage]:
        """Each resource that ``asked`` more would bring above a limit, by the limit that leaves
        least."""
        if self._is_alone() and self.nodes[0].quota.leaves(asked, self.defaults):
            return []  # as nearly always: every claim passes here
        return [
            _shortage(name, more, self.bounds(name))
            for name, more in asked.items()
            if any(bound.used + more > bound.limit for bound in self.bounds(name))
        ]

    def shared_shortages(self, asked: Amounts) -> list[Shortage]:
        """Each resource that ``asked`` more would bring above a shared limit."""
        return [
            _shortage(name, more, self._shared(name))
            for name, more in asked.items()
            if any(bound.used + more > bound.limit for bound in self._shared(name))
        ]

    def _is_alone(self) -> bool:
        """Whether the project's own limits are all there are."""
        quota = self.nodes[0].quota
        return len(self.nodes) == 1 and not quota.shared and self.user not in quota.users

    def bounds(self, resource: str) -> Iterator[Bound]:
        """Every limit in force for the resource, the nearest first."""
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
