"""Planning a scale from what is recorded, and placing it among many hosts, in memory."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from datetime import UTC, datetime
from uuid import UUID, uuid4

from adapters.readside.models import Models
from adapters.readside.scales import hosts_of, scale_of
from commands.command import Command
from commands.engine.aggregate_cache import AggregateCache
from commands.engine.answers import Answers
from commands.engine.decision_batch import DecisionBatch
from commands.engine.request import Request
from commands.placement.enlist_host import EnlistHost
from commands.placement.read_host import ReadHost
from commands.scaling.scale_server import ScaleServer
from domain.hosts.host import NONE
from domain.scaling.plan import Plan, plan
from domain.shared.size import Size
from tests.bench.kit import workload
from tests.bench.kit.bench import Bench
from tests.bench.kit.row import Budget, Row, percentile
from tests.kit.memory_store import MemoryStore

_SERVERS, _HOSTS = 10_000, 1_000
_FULL = workload.HOSTS[0]
_MORE = Size(2, workload.MEMORY_MIB)


class Books:
    """Ten thousand servers on sixteen hosts, one of them full, in a pool of a thousand."""

    def __init__(self) -> None:
        self._memory = AggregateCache(MemoryStore(), bound=1_000_000)
        self._position = 0
        self.models = Models()
        self.servers = [uuid4() for _ in range(_SERVERS)]
        self.record(_hosts())
        self.record(workload.adopt(self.servers, [f"p{n}" for n in range(100)]))
        full = hosts_of(self.models, self.servers[0]).host(_FULL)
        vcpus = int(full.used.vcpus / full.terms.cpu_allocation_ratio)
        told = Size(vcpus, workload.ROOM.memory_mib)
        self.record([ReadHost(host=_FULL, capacity=told, traits=(), hypervisor="bench")])

    def record(self, commands: Iterable[Command]) -> None:
        round_ = self._round(commands)
        self._position += len(round_.batch().facts)
        self.models.apply(round_.batch().facts)

    def decide(self, command: Command) -> None:
        self._round([command])

    def plan(self, server: UUID) -> Plan:
        row = self.models.servers.get(server)
        assert row is not None
        return plan(scale_of(self.models, row, _MORE))

    def _round(self, commands: Iterable[Command]) -> DecisionBatch:
        round_ = DecisionBatch(
            self._memory, Answers(bound=0), at=datetime.now(UTC), position=self._position
        )
        round_.decide(
            Request(one, by="bench", because=uuid4(), future=Future()) for one in commands
        )
        for _, outcome in round_.outcomes:
            if isinstance(outcome, Exception):
                raise outcome
        return round_


def measure(bench: Bench) -> Iterator[Row]:
    books = Books()
    count = 300 if bench.quick else 1_000
    here = [one for one in books.servers if workload.host_of(one) != _FULL][:count]
    there = [one for one in books.servers if workload.host_of(one) == _FULL][:count]
    yield from _rows(
        f"plan, live, among {_SERVERS:,} servers",
        _taken(here, lambda s: _planned(books, s, "live")),
        1,
    )
    yield from _rows(
        f"plan, by migration, among {_HOSTS:,} hosts",
        _taken(there, lambda s: _planned(books, s, "migrate")),
        5,
    )
    yield from _rows(
        f"decide a scale with placement among {_HOSTS:,} hosts",
        _taken(there, lambda s: books.decide(_migrating(s))),
        5,
    )


def _hosts() -> Iterator[Command]:
    """A limited number of vCPUs on the full one; all others have room."""
    yield workload.PLENTY
    for n in range(_HOSTS):
        name = f"host{n:02}"
        yield EnlistHost(host=name, used=NONE)
        yield ReadHost(host=name, capacity=workload.ROOM, traits=(), hypervisor="bench")


def _planned(books: Books, server: UUID, mode: str) -> None:
    made = books.plan(server)
    assert made.mode == mode, made


def _migrating(server: UUID) -> ScaleServer:
    [asked] = workload.scale([server], _MORE.vcpus)
    return ScaleServer(
        server=server,
        to=asked.to,
        operation=asked.operation,
        deadline=asked.deadline,
        consent="migrate",
    )


def _taken(servers: list[UUID], work: Callable[[UUID], None]) -> list[float]:
    """Milliseconds of each."""
    taken = []
    for server in servers:
        began = time.perf_counter()
        work(server)
        taken.append((time.perf_counter() - began) * 1000)
    return taken


def _rows(what: str, taken: list[float], most: float) -> Iterator[Row]:
    figure = percentile(taken, 99)
    yield Row(what=f"{what}, p99", figure=figure, unit="ms", budget=Budget(most=most))
    yield Row(what="… p50", figure=percentile(taken, 50), unit="ms")
