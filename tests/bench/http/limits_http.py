"""GET /v1/projects/{id}/limits, of an empty project and of one with 50,000 servers."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from uuid import uuid4

from tests.bench.kit import workload
from tests.bench.kit.bench import Bench
from tests.bench.kit.load import CLIENTS, get
from tests.bench.kit.row import Budget, Row
from tests.bench.kit.seeding import seeding
from tests.bench.kit.serving import serving


def measure(bench: Bench) -> Iterator[Row]:
    count, rounds, seconds = (5_000, 2, 1) if bench.quick else (50_000, 3, 3)
    rates: dict[str, list[float]] = {"empty": [], "full": []}
    with bench.database() as dsn:
        with seeding(dsn) as seed:
            seed.ask(workload.ready())
            seed.ask(workload.adopt((uuid4() for _ in range(count)), ["full"]))
        with serving(dsn) as process:
            for project in ("empty", "full", *("full", "empty", "empty", "full") * rounds):
                path = f"/v1/projects/{project}/limits"
                load = get(process.url, path, token=process.token, seconds=seconds)
                rates[project].append(load.rate)
    empty, full = (median(rates[name][1:]) for name in ("empty", "full"))
    what = f"GET limits, {CLIENTS} clients, 0 servers"
    yield Row(what=what, figure=empty, unit="/s", budget=Budget(least=5_000))
    yield Row(
        what=f"… {count:,} servers",
        figure=full,
        unit="/s",
        peer=empty,
        peer_is="with 0",
        budget=Budget(least=90, most=110, of="percent"),
    )
