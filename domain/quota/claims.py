"""Claiming from a quota and giving back: the events of the project and of all projects above it."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from domain.quota.events import QuotaClaimed, QuotaReleased, SharedClaimed, SharedReleased
from domain.quota.path import Node, QuotaPath
from domain.shared.errors import QuotaExceeded
from domain.shared.resources import Amounts, increase, minus, plus

Claim = QuotaClaimed | QuotaReleased | SharedClaimed | SharedReleased


class For(NamedTuple):
    """The purpose of a claim: a server with its operation, or a server group."""

    server: UUID | None = None
    operation: UUID | None = None
    group: UUID | None = None


class Claims(NamedTuple):
    """The events of one project on the path."""

    project: str
    events: tuple[Claim, ...]


def claim(path: QuotaPath, amounts: Amounts, what: For) -> list[Claims]:
    """Claim ``amounts``, each above 0. Raises QuotaExceeded."""
    if short := path.shortages(amounts):
        raise QuotaExceeded(project=path.project, shortages=short)
    return _taken(path, amounts, {}, what)


def settle(path: QuotaPath, claimed: Amounts, real: Amounts, what: For) -> list[Claims]:
    """Bring a claim to what there really is. Never refused: what exists is counted, above any
    limit."""
    more, less = increase(claimed, real), increase(real, claimed)
    return _taken(path, more, less, what) if more or less else []


def _taken(path: QuotaPath, more: Amounts, less: Amounts, what: For) -> list[Claims]:
    project, *above = path.nodes
    own = Claims(project.id, _own(path, more, less, what))
    return [own, *(_shared(node, project.id, more, less) for node in above)]


def move(nodes: tuple[Node, ...], project: str, more: Amounts, less: Amounts) -> list[Claims]:
    """Count what a project and all below it use for ``nodes`` (``more``), or no more (``less``)."""
    return [_shared(node, project, more, less) for node in nodes] if more or less else []


def _own(
    path: QuotaPath, more: Amounts, less: Amounts, what: For
) -> tuple[QuotaClaimed | QuotaReleased, ...]:
    (project, quota), events = path.nodes[0], list[QuotaClaimed | QuotaReleased]()
    used, by_user = quota.used, quota.user(path.user).used if path.user else {}
    for kind, change, amounts in ((QuotaClaimed, plus, more), (QuotaReleased, minus, less)):
        if not amounts:
            continue
        used = change(used, amounts)
        by_user = change(by_user, amounts) if path.user else by_user
        events.append(
            kind(
                project=project,
                server=what.server,
                operation=what.operation,
                group=what.group,
                amounts=amounts,
                used=used,
                user=path.user,
                used_by_user=by_user,
            )
        )
    return tuple(events)


def _shared(node: Node, by: str, more: Amounts, less: Amounts) -> Claims:
    below, events = node.quota.below, list[Claim]()
    if more:
        below = plus(below, more)
        events.append(SharedClaimed(project=node.id, by_project=by, amounts=more, below=below))
    if less:
        below = minus(below, less)
        events.append(SharedReleased(project=node.id, by_project=by, amounts=less, below=below))
    return Claims(node.id, tuple(events))
