"""The choice of a host: room, traits and zone as asked, then the one with the most free memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple, get_args

from domain.hosts.host import NONE, Host
from domain.hosts.neighbours import Neighbours
from domain.shared.request_spec import RequestSpec
from domain.shared.ruled_out import RuledOut, RuleOutReason
from domain.shared.size import Size


class Candidate(NamedTuple):
    """A host that may be chosen, with its name."""

    name: str
    host: Host


class Wanted(NamedTuple):
    """A place for a server: ``size`` of room, as its request spec and its group want it."""

    spec: RequestSpec
    size: Size
    neighbours: Neighbours | None = None


def place(candidates: Iterable[Candidate], wanted: Wanted) -> str | None:
    """The host with room for all of the size that suits the server's group best; None: there is
    none.

    Among equals the one that is left with the most memory, then the first by name, so that the same
    question has the same answer.
    """
    neighbours, size = wanted.neighbours, wanted.size
    fitting = [
        (neighbours.rank(one.name) if neighbours else 0, -_left(one.host, size), one.name)
        for one in candidates
        if _against(one, wanted) is None
    ]
    return min(fitting)[2] if fitting else None


def ruled_out(
    candidates: Iterable[Candidate], wanted: Wanted, *, full: int = 0
) -> tuple[RuledOut, ...]:
    """Why `place` found none, by reason. ``full``: more hosts, known to have too little room."""
    reasons = (_against(one, wanted) for one in candidates)
    counts = Counter(one for one in reasons if one) + Counter[RuleOutReason](room=full)
    return tuple(
        RuledOut(reason=reason, hosts=counts[reason], asked=_asked(reason, wanted))
        for reason in get_args(RuleOutReason)
        if counts[reason]
    )


def _against(candidate: Candidate, wanted: Wanted) -> RuleOutReason | None:  # noqa: PLR0911 (one a rule)
    """The first reason why the host cannot take the server; lack of room comes last."""
    (name, host), spec = candidate, wanted.spec
    if spec.pool and spec.pool != host.terms.pool:
        return "pool"
    if spec.zone and spec.zone != host.terms.zone:
        return "zone"
    if spec.traits and not host.traits.issuperset(spec.traits):
        return "trait"
    if wanted.neighbours and not wanted.neighbours.allow(name):
        return "policy"
    if not host.terms.enabled:
        return "maintenance"
    if host.capacity is None:
        return "unread"
    return None if host.lacks(wanted.size) == NONE else "room"


def _asked(reason: RuleOutReason, wanted: Wanted) -> str:
    spec, neighbours = wanted.spec, wanted.neighbours
    asked = {
        "pool": spec.pool,
        "zone": spec.zone,
        "trait": " or ".join(spec.traits),
        "policy": neighbours.policy if neighbours else "",
    }
    return asked.get(reason, "")


def _left(host: Host, size: Size) -> int:
    limit = host.limit
    return limit.memory_mib - host.used.memory_mib - size.memory_mib if limit else 0
