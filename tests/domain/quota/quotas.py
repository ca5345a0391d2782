"""The quota of a project with all above it, as a decision sees it, made from a few words."""

from __future__ import annotations

from collections.abc import Iterable

from domain.quota import Node, ProjectQuota, QuotaPath
from domain.quota.claims import Claims
from domain.shared.events import Event
from domain.shared.resources import Amounts
from tests.kit.examples import PROJECT


def path(
    quota: ProjectQuota,
    defaults: Amounts | None = None,
    *,
    project: str = PROJECT,
    user: str = "",
    **above: ProjectQuota,
) -> QuotaPath:
    """``above``: those that stand over the project, the nearest first, by name."""
    nodes = (Node(project, quota), *(Node(name, one) for name, one in above.items()))
    return QuotaPath(nodes, defaults or {}, user)


def of_project(found: Iterable[Claims], project: str = PROJECT) -> list[Event]:
    """The facts of one project of the path."""
    return [event for one in found if one.project == project for event in one.events]
