"""How long one project's quota takes to load when its stream is long."""

from __future__ import annotations

import time
from collections.abc import Iterator

import psycopg

from adapters.connections import pool
from adapters.eventlog.store import EventLog
from commands.command import stream_id
from domain.quota import ProjectQuota
from tests.bench.kit.bench import Bench
from tests.bench.kit.big_log import OLD, big_log
from tests.bench.kit.row import Budget, Row, percentile

_STREAM = stream_id(ProjectQuota, OLD)
_LENGTH = "SELECT count(*) FROM facts WHERE stream = %s"


def measure(bench: Bench) -> Iterator[Row]:
    dsn = bench.kept(big_log).dsn
    with pool(dsn) as connections, psycopg.connect(dsn) as connection:
        log = EventLog(dsn, connections)
        times = [_load(log) for _ in range(20 if bench.quick else 100)]
        row = connection.execute(_LENGTH, (_STREAM,)).fetchone()
    what = f"load a stream of {row[0] if row else 0:,} facts, p99"
    yield Row(what=what, figure=percentile(times, 99), unit="ms", budget=Budget(most=5))
    yield Row(what="… p50", figure=percentile(times, 50), unit="ms")


def _load(log: EventLog) -> float:
    began = time.perf_counter()
    log.load(ProjectQuota, _STREAM)
    return (time.perf_counter() - began) * 1000
