"""From the start of a process to readiness, with a long log behind it; what it then holds."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from tests.bench.kit import workload
from tests.bench.kit.bench import Bench
from tests.bench.kit.big_log import SERVERS, big_log
from tests.bench.kit.load import post
from tests.bench.kit.outcomes import end_all, warm
from tests.bench.kit.row import Budget, Row
from tests.bench.kit.serving import serving


def measure(bench: Bench) -> Iterator[Row]:
    log = bench.kept(big_log)
    seconds = []
    for _ in range(2 if bench.quick else 5):
        with serving(log.dsn) as process:
            seconds.append(process.seconds)
            ready = process.resident_mb
    what = f"start to ready, {log.facts:,} facts"
    yield Row(what=what, figure=median(seconds) * 1000, unit="ms", budget=Budget(most=2_000))
    yield Row(what=f"memory, {SERVERS:,} servers, just started", figure=ready, unit="MB")
    with serving(log.dsn) as process:
        end_all(process, log.dsn)
        warm(process, log.servers)
        paths = [f"/v1/servers/{server}/scale" for server in log.servers]
        body = {"vcpus": 3, "memory_mib": workload.MEMORY_MIB}
        post(process.url, paths, body, token=process.token, seconds=2)
        used = process.resident_mb
        end_all(process, log.dsn)
    yield Row(
        what="… all of them live, after POSTs", figure=used, unit="MB", budget=Budget(most=250)
    )
