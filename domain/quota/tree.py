"""Projects below projects: where one may be put, and whose usage counts where when it moves."""

from __future__ import annotations

from dataclasses import dataclass

from domain.quota.claims import Claims, move
from domain.quota.events import ParentChanged
from domain.quota.path import Node, QuotaPath
from domain.shared.errors import QuotaExceeded, Refused
from domain.shared.resources import gains


@dataclass(eq=False)
class BelowItself(Refused):
    """A project would stand below itself; a tree has no circles."""

    project: str
    parent: str

    def __str__(self) -> str:
        if self.parent == self.project:
            return f"Project {self.project} cannot be put below itself."
        return (
            f"Project {self.project} cannot be put below {self.parent}, "
            f"which is below {self.project} itself."
        )


def moved(
    nodes: tuple[Node, ...], above: tuple[Node, ...], reason: str = ""
) -> tuple[ParentChanged, list[Claims]]:
    """Put a project below another one, with all that it and those below it use.

    ``nodes`` is the project's path, ``above`` that of its new parent; empty: below none. Raises
    BelowItself, and QuotaExceeded where a shared limit above would be broken.
    """
    project, quota = nodes[0]
    if any(node.id == project for node in above):
        raise BelowItself(project=project, parent=above[0].id)
    common = {node.id for node in nodes[1:]} & {node.id for node in above}
    joins = tuple(node for node in above if node.id not in common)
    leaves = tuple(node for node in nodes[1:] if node.id not in common)
    total = gains(quota.total())
    if joins and (short := QuotaPath(joins, {}).shared_shortages(total)):
        raise QuotaExceeded(project=project, shortages=short)
    parent = above[0].id if above else None
    event = ParentChanged(project=project, was=quota.parent, parent=parent, reason=reason)
    return event, [*move(leaves, project, {}, total), *move(joins, project, total, {})]
