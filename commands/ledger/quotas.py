"""A project's quota and those above it, as a decision sees and changes them."""

from __future__ import annotations

from collections.abc import Iterable

from commands.command import Change, Log
from domain.quota import Node, ProjectQuota, QuotaPath
from domain.quota.claims import Claims
from domain.quota.quota_class import DEFAULT, QuotaClass
from domain.shared.resources import Amounts


def path(log: Log, project: str, user: str = "") -> QuotaPath:
    """The project with all above it, for claims of ``user``."""
    return QuotaPath(nodes(log, project), defaults(log), user)


def defaults(log: Log) -> Amounts:
    """The quota class's limits, in force where a project has none of its own."""
    return log.open(QuotaClass, DEFAULT).state.limits


def nodes(log: Log, project: str | None) -> tuple[Node, ...]:
    """The project, then its parent, and so on to the top; None: no nodes."""
    found: list[Node] = []
    while project is not None:
        quota = log.open(ProjectQuota, project).state
        found.append(Node(project, quota))
        project = quota.parent
    return tuple(found)


def recorded(log: Log, claims: Iterable[Claims]) -> list[Change]:
    """The changes that record these claims, each in its project's stream."""
    return [
        change
        for one in claims
        for change in log.open(ProjectQuota, one.project).record(*one.events)
    ]
