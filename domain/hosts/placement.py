"""The choice of a host: room, traits and zone as asked, then the one with the most free memory."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import NamedTuple

from domain.hosts.host import Host
from domain.hosts.neighbours import Neighbours
from domain.shared.request_spec import RequestSpec
from domain.shared.size import Size


class Candidate(NamedTuple):
    """A host that may be chosen, with its name."""

    name: str
    host: Host


def place(
    candidates: Iterable[Candidate],
    *,
    spec: RequestSpec,
    size: Size,
    neighbours: Neighbours | None = None,
    without: Container[str] = (),
) -> str | None:
    """The host with room for all of ``size`` that suits the server's group best; None: there is
    none.

    Among equals the one that is left with the most memory, then the first by name, so that the same
    question has the same answer.
    """
    fitting = [
        (neighbours.rank(one.name) if neighbours else 0, -_left(one.host, size), one.name)
        for one in candidates
        if one.name not in without
        and fits(one.host, spec=spec, size=size)
        and (neighbours is None or neighbours.allow(one.name))
    ]
    return min(fitting)[2] if fitting else None


def fits(host: Host, *, spec: RequestSpec, size: Size) -> bool:
    """Whether ``host`` can take the server. One that has not reported its capacity cannot."""
    return (
        host.terms.enabled
        and host.capacity is not None
        and (not spec.zone or spec.zone == host.terms.zone)
        and (not spec.pool or spec.pool == host.terms.pool)
        and (not spec.traits or host.traits.issuperset(spec.traits))
        and host.lacks(size) == Size(0, 0)
    )


def _left(host: Host, size: Size) -> int:
    limit = host.limit
    return limit.memory_mib - host.used.memory_mib - size.memory_mib if limit else 0
