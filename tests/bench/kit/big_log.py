"""A log of a million facts: 10,000 servers scaled over and over, one project 100,000 facts old."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from uuid import UUID, uuid4

import msgspec

from adapters.connections import pool
from adapters.eventlog.store import EventLog
from adapters.readside.models import ReadSide
from adapters.readside.rebuild import Rebuilds
from adapters.readside.saver import Saver
from commands.quotas.set_quota import SetQuota
from tests.bench.kit import workload
from tests.bench.kit.bench import Bench
from tests.bench.kit.seeding import Seed, seeding

SERVERS = 10_000
OLD = "old"
_STEP = 10_000


class BigLog(msgspec.Struct, frozen=True, kw_only=True):
    """Its read models are built; how long (seconds) that took for all facts, from nothing."""

    dsn: str
    servers: list[UUID]
    facts: int
    reading: float
    rows: float
    history: float


@contextmanager
def big_log(bench: Bench) -> Iterator[BigLog]:
    servers = [uuid4() for _ in range(SERVERS)]
    with bench.database() as dsn:
        with seeding(dsn) as seed:
            _fill(seed, servers, 100_000 if bench.quick else 1_000_000)
        with pool(dsn) as connections:
            log, readside = EventLog(dsn, connections), ReadSide()
            rebuilds = Rebuilds(dsn, log, readside, Saver(dsn, readside, leads=lambda: True))
            yield BigLog(
                dsn=dsn,
                servers=servers,
                facts=seed.position,
                reading=_seconds(lambda: _read(log)),
                rows=_seconds(rebuilds.rows),
                history=_seconds(rebuilds.history),
            )


def _fill(seed: Seed, servers: list[UUID], facts: int) -> None:
    seed.ask(workload.ready())
    # One short of a snapshot, so that the most there can be is read behind the last one.
    seed.ask(SetQuota(project=OLD, limits={"cores": n}) for n in range(1, facts // 10))
    seed.ask(workload.adopt(servers, [f"p{n}" for n in range(100)]))
    for n in count():
        # Up and down again, so that quota is claimed in one round and given back in the next.
        asked = workload.scale(servers, 1 if n % 2 else 2)
        for step in (asked, workload.confirm(asked)):
            if seed.position >= facts:
                return
            seed.ask(step)


def _read(log: EventLog) -> None:
    position = 0
    while facts := log.facts(position, _STEP):
        position = facts[-1].position


def _seconds(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
