"""What tenants cost the region: commands, facts, their bytes, and the sequencer's time."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from threading import Lock
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

REGION = "(region)"
"""What relays, timers and the region's operators ask for."""
OTHERS = "(others)"
"""Those who cost least, where there are too many to keep each apart."""


class Spent(NamedTuple):
    """What one command has cost. ``facts``: how many it led to; ``seconds``: of its decision."""

    tenant: str | None
    facts: int
    seconds: float


class TenantCost(msgspec.Struct, kw_only=True):
    """Of all that this process has decided since it began. ``bytes``: of the facts' bodies;
    ``seconds``: of the sequencer, which decides one command at a time."""

    tenant: str
    commands: int = 0
    facts: int = 0
    bytes: int = 0
    seconds: float = 0.0

    def add(self, other: TenantCost) -> None:
        """Count what ``other`` cost as well."""
        self.commands += other.commands
        self.facts += other.facts
        self.bytes += other.bytes
        self.seconds += other.seconds


class TenantCosts:
    """``bound``: how many tenants are kept apart. For several threads."""

    def __init__(self, bound: int = 10_000) -> None:
        self._bound = bound
        self._costs: dict[str, TenantCost] = {}
        self._lock = Lock()

    def charge(self, spent: Iterable[Spent], sizes: Sequence[int]) -> None:
        """``sizes``: bytes of the facts of all of them, in the order of the log; nothing where they
        are not known."""
        with self._lock:
            for cost in _by_command(spent, iter(sizes)):
                self._of(cost.tenant).add(cost)
            if len(self._costs) > self._bound:
                self._merge_the_least()

    def most(self, count: int) -> list[TenantCost]:
        """Those who took the most of the sequencer's time, the most first."""
        with self._lock:
            costs = list(self._costs.values())
        # Outside of the lock, for which the sequencer would wait.
        return [replace(one) for one in heapq.nlargest(count, costs, key=_seconds)]

    def _of(self, tenant: str) -> TenantCost:
        if (cost := self._costs.get(tenant)) is None:
            cost = self._costs[tenant] = TenantCost(tenant=tenant)
        return cost

    def _merge_the_least(self) -> None:
        """Half of them at a time, so that it is seldom."""
        tenants = [one for one in self._costs.values() if one.tenant not in {REGION, OTHERS}]
        for one in heapq.nsmallest(self._bound // 2, tenants, key=_seconds):
            del self._costs[one.tenant]
            self._of(OTHERS).add(one)


def _by_command(spent: Iterable[Spent], sizes: Iterator[int]) -> Iterator[TenantCost]:
    for one in spent:
        yield TenantCost(
            tenant=one.tenant or REGION,
            commands=1,
            facts=one.facts,
            bytes=sum(next(sizes, 0) for _ in range(one.facts)),
            seconds=one.seconds,
        )


def _seconds(one: TenantCost) -> float:
    return one.seconds
