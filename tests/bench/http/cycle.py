"""The whole cycle: POST scale, relay, hypervisor, confirmed; each caller waits for the end."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from uuid import uuid4

from tests.bench.kit import workload
from tests.bench.kit.bench import Bench
from tests.bench.kit.load import CLIENTS, Load, post
from tests.bench.kit.outcomes import end_all, warm
from tests.bench.kit.row import Budget, Row
from tests.bench.kit.seeding import seeding
from tests.bench.kit.serving import carrying, serving

_SERVERS = 20_000


def measure(bench: Bench) -> Iterator[Row]:
    seconds, rounds = (3, 2) if bench.quick else (8, 4)
    servers = [uuid4() for _ in range(_SERVERS)]
    paths = [f"/v1/servers/{server}/scale" for server in servers]
    with bench.database() as dsn:
        with seeding(dsn) as seed:
            seed.ask(workload.ready())
            seed.ask(workload.adopt(servers, [f"p{n}" for n in range(100)]))
        with serving(dsn) as process:
            warm(process, servers)
            with carrying(dsn, process.service):
                loads = [
                    post(
                        process.url,
                        paths,
                        {"vcpus": n + 2, "memory_mib": workload.MEMORY_MIB},
                        token=process.token,
                        seconds=seconds,
                        wait=30,
                    )
                    for n in range(rounds)
                ]
            end_all(process, dsn)
    yield from _rows(loads)


def _rows(loads: list[Load]) -> Iterator[Row]:
    what = f"scale, carried, confirmed: {CLIENTS} in flight over {len(workload.HOSTS)} hosts"
    rate, p50, p99 = (
        median(getattr(one, name) for one in loads) for name in ("rate", "p50", "p99")
    )
    yield Row(what=what, figure=rate, unit="/s", budget=Budget(least=1_000))
    yield Row(what="… p50 from request to confirmed", figure=p50, unit="ms")
    yield Row(what="… p99", figure=p99, unit="ms")
