"""The log, read as an auditor reads it: each fact by itself, at its position."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any, get_args
from uuid import UUID

from domain.hosts.host import CapacityClaimed, CapacityReleased, HostEnlisted
from domain.quota import QuotaClaimed, QuotaReleased, SharedClaimed, SharedReleased
from domain.server import (
    BuildRequested,
    DeleteRequested,
    PowerRequested,
    ScaleRequested,
    ServerEnding,
)
from domain.shared.events import Fact
from domain.shared.size import Size
from tests.commands.model.world import Guest

Asked = ScaleRequested | BuildRequested | DeleteRequested | PowerRequested
Balances = defaultdict[tuple[str, UUID], Counter[str]]


def _balances() -> Balances:
    return defaultdict(Counter)


@dataclass
class Ledger:
    """What each server, or group, was given of each project's quota and of each host, added up,
    also by user and for those above; and which operations are open."""

    position: int = 0
    versions: Counter[str] = field(default_factory=Counter)
    quota: Balances = field(default_factory=_balances)
    hosts: Balances = field(default_factory=_balances)
    users: defaultdict[tuple[str, str], Counter[str]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    below: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    open: dict[UUID, str] = field(default_factory=dict)
    ended: set[UUID] = field(default_factory=set)

    def read(self, fact: Fact[Any]) -> None:
        self.position += 1
        self.versions[fact.stream] += 1
        assert (fact.position, fact.version) == (self.position, self.versions[fact.stream])
        match fact.event:
            case QuotaClaimed() | QuotaReleased() as event:
                sign = 1 if isinstance(event, QuotaClaimed) else -1
                holder = event.server or event.group
                assert holder, "nothing holds it"
                self._count(self.quota, event.project, holder, event.amounts, sign)
                assert self._sum(self.quota, event.project) == _clean(event.used)
                self._count_for_user(event, sign)
            case SharedClaimed() | SharedReleased() as event:
                sign = 1 if isinstance(event, SharedClaimed) else -1
                self._add(self.below[event.project], event.amounts, sign)
                assert _clean(self.below[event.project]) == _clean(event.below)
            case CapacityClaimed() | CapacityReleased() as event:
                sign = 1 if isinstance(event, CapacityClaimed) else -1
                self._count(self.hosts, event.host, event.server, _amounts(event.amounts), sign)
                assert self._sum(self.hosts, event.host) == _clean(_amounts(event.used))
            case HostEnlisted(used=used):
                assert used == Size(0, 0)
            case event if isinstance(event, Asked):
                assert event.operation not in self.open.keys() | self.ended
                self.open[event.operation] = fact.stream
            case event if isinstance(event, get_args(ServerEnding)):
                self._end(event.operation, fact.stream)
            case _:
                pass

    def covers(self, server: UUID, project: str, guest: Guest, *, counts: bool) -> bool:
        """Whether no less than is real is claimed for it, of the quota and of its host."""
        needs = Counter(cores=guest.room.cpus, ram=guest.room.mib)
        claimed, placed = self.quota[project, server], self.hosts[guest.host, server]
        quota_covers = claimed["instances"] == 1 and (not counts or needs <= claimed)
        return quota_covers and needs <= placed

    def _count(
        self, balances: Balances, of: str, holder: UUID, amounts: dict[str, int], sign: int
    ) -> None:
        self._add(balances[of, holder], amounts, sign)

    def _count_for_user(self, event: QuotaClaimed | QuotaReleased, sign: int) -> None:
        if event.user:
            balance = self.users[event.project, event.user]
            self._add(balance, event.amounts, sign)
            assert _clean(balance) == _clean(event.used_by_user)

    def _add(self, balance: Counter[str], amounts: dict[str, int], sign: int) -> None:
        assert all(amount >= 0 for amount in amounts.values())
        assert any(amounts.values())
        for name, amount in amounts.items():
            balance[name] += sign * amount
            assert balance[name] >= 0, f"{name} was given back twice"

    def _sum(self, balances: Balances, of: str) -> dict[str, int]:
        total: Counter[str] = Counter()
        for (name, _), balance in balances.items():
            if name == of:
                total.update(balance)
        return _clean(total)

    def _end(self, operation: UUID | None, stream: str) -> None:
        if operation is not None:
            assert self.open.pop(operation) == stream, "ended twice, or never begun"
            self.ended.add(operation)


def _amounts(size: Size) -> dict[str, int]:
    return {"cores": size.vcpus, "ram": size.memory_mib}


def _clean(amounts: dict[str, int]) -> dict[str, int]:
    return {name: amount for name, amount in amounts.items() if amount}
