"""How long after its commit a change stands in the read models' tables, under a moderate load."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from uuid import uuid4

import uvloop

from adapters.bootstrap.process import Process
from commands.command import Command
from tests.bench.kit import workload
from tests.bench.kit.bench import Bench
from tests.bench.kit.leading import ask, burst, whole
from tests.bench.kit.row import Budget, Row, percentile

_RATE = 500
_SERVERS = 500


def measure(bench: Bench) -> Iterator[Row]:
    with bench.database() as dsn, whole(dsn) as process:
        lags = uvloop.run(_lags(process, 4 if bench.quick else 20))
    what = f"commit to saved in tables, {_RATE} commands/s, p99"
    yield Row(what=what, figure=percentile(lags, 99), unit="ms", budget=Budget(most=50))
    yield Row(what="… p50", figure=percentile(lags, 50), unit="ms")


async def _lags(process: Process, seconds: int) -> list[float]:
    """Milliseconds from each answer until the tables have come to its position."""
    servers = [uuid4() for _ in range(_SERVERS)]
    await burst(process.sequencer, list(workload.adopt(servers, ["p"])), 64)
    lags = list[float]()
    async with asyncio.TaskGroup() as callers:
        began = asyncio.get_running_loop().time()
        for n in range(seconds // 2):
            asked = workload.scale(servers, n + 2)
            for k, command in enumerate([*asked, *workload.confirm(asked)]):
                await _until(began + (n * 2 * _SERVERS + k) / _RATE)
                callers.create_task(_one(process, command, lags))
    return lags


async def _one(process: Process, command: Command, lags: list[float]) -> None:
    answer = await ask(process.sequencer, command)
    committed = time.perf_counter()
    if not await process.readside.is_saved(answer.position, 10):
        raise TimeoutError("the tables do not follow")
    lags.append((time.perf_counter() - committed) * 1000)


async def _until(moment: float) -> None:
    await asyncio.sleep(max(0.0, moment - asyncio.get_running_loop().time()))
