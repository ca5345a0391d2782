"""POST /v1/servers/{id}/scale to a durable 202, at 64 clients."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from statistics import median
from uuid import UUID, uuid4

from tests.bench.kit import workload
from tests.bench.kit.bench import Bench
from tests.bench.kit.load import CLIENTS, Load, post
from tests.bench.kit.outcomes import end_all, warm
from tests.bench.kit.row import Budget, Row
from tests.bench.kit.seeding import seeding
from tests.bench.kit.serving import Serving, serving

_MOST = 6_000
"""Servers for each second: more than can be scaled in it."""


def measure(bench: Bench) -> Iterator[Row]:
    seconds, rounds = (2, 2) if bench.quick else (5, 5)
    warmed, cold = ([uuid4() for _ in range(seconds * _MOST)] for _ in range(2))
    with bench.database() as dsn:
        with seeding(dsn) as seed:
            seed.ask(workload.ready())
            seed.ask(workload.adopt([*warmed, *cold], [f"p{n}" for n in range(100)]))
        with serving(dsn) as process:
            first = _post(process, cold, 2, seconds)
            end_all(process, dsn)
            warm(process, warmed)
            loads = []
            for n in range(rounds):
                loads.append(_post(process, warmed, n + 2, seconds))
                end_all(process, dsn)
    yield from _rows(loads, first)


def _post(process: Serving, servers: Iterable[UUID], vcpus: int, seconds: int) -> Load:
    paths = [f"/v1/servers/{server}/scale" for server in servers]
    body = {"vcpus": vcpus, "memory_mib": workload.MEMORY_MIB}
    return post(process.url, paths, body, token=process.token, seconds=seconds)


def _rows(loads: list[Load], cold: Load) -> Iterator[Row]:
    what = f"POST scale to a durable 202, {CLIENTS} clients"
    rate, p50, p99 = (
        median(getattr(one, name) for one in loads) for name in ("rate", "p50", "p99")
    )
    yield Row(what=what, figure=rate, unit="/s", budget=Budget(least=2_000))
    yield Row(what="… p50", figure=p50, unit="ms")
    yield Row(what="… p99", figure=p99, unit="ms", budget=Budget(most=60))
    yield Row(what="… of servers not in memory", figure=cold.rate, unit="/s")
    yield Row(what="… … p99", figure=cold.p99, unit="ms")
