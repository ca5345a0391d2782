"""Strict scale decisions a second, spread and hot, against the library and against psycopg."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from statistics import median
from uuid import UUID, uuid4

import msgspec
import uvloop

from commands.engine.sequencer import Sequencer
from commands.scaling.scale_server import ScaleServer
from tests.bench.kit import workload
from tests.bench.kit.bench import Bench
from tests.bench.kit.leading import Burst, Recording, burst, leading, whole
from tests.bench.kit.row import Budget, Row, percentile
from tests.bench.log.bare import Bare, bare
from tests.bench.log.stock import Stock, stock

_SERVERS = 1_000
_IN_FLIGHT = 256
_SPREAD = [f"p{n}" for n in range(100)]
_HOT = ["hot"]


class Taken(msgspec.Struct, kw_only=True):
    """What the rounds have come to so far; rates in commands a second."""

    spread: list[Burst] = []
    hot: list[Burst] = []
    raw: list[float] = []
    library: list[float] = []


def measure(bench: Bench) -> Iterator[Row]:
    with ExitStack() as stack:
        sequencer, log = stack.enter_context(leading(stack.enter_context(bench.database())))
        raw = stack.enter_context(bare(stack.enter_context(bench.database())))
        library = stack.enter_context(stock(stack.enter_context(bench.database())))
        taken = uvloop.run(Rounds(sequencer, log, raw, library).take(8 if bench.quick else 30))
    yield from _rows(taken)
    with bench.database() as dsn, whole(dsn) as process:
        rate = uvloop.run(_only(process.sequencer, 4 if bench.quick else 15))
    yield Row(what="… with the read side beside it", figure=rate, unit="/s")


class Rounds:
    """All are taken in turn in every round, so that noise of the machine meets all of them."""

    def __init__(self, sequencer: Sequencer, log: Recording, raw: Bare, library: Stock) -> None:
        self._sequencer, self._log, self._raw, self._library = sequencer, log, raw, library
        self._taken = Taken()

    async def take(self, count: int) -> Taken:
        spread, hot = (
            await _adopted(self._sequencer, _SPREAD),
            await _adopted(self._sequencer, _HOT),
        )
        self._raw.write(self._log.take())
        for n in range(count + 1):
            asked = [workload.scale(servers, n + 2) for servers in (spread, hot)]
            for which in (0, 1) if n % 2 else (1, 0):
                await self._scale(asked[which], hot=bool(which))
            self._taken.library.append(self._library.rate(0.3))
            await burst(self._sequencer, workload.confirm(asked[0] + asked[1]), _IN_FLIGHT)
            self._raw.write(self._log.take())
            if n == 0:  # the first warms up
                self._taken = Taken()
        return self._taken

    async def _scale(self, asked: list[ScaleServer], *, hot: bool) -> None:
        done = await burst(self._sequencer, asked, _IN_FLIGHT, _HOT if hot else _SPREAD)
        seconds = self._raw.write(self._log.take())
        if hot:
            self._taken.hot.append(done)
        else:
            self._taken.spread.append(done)
            self._taken.raw.append(len(asked) / seconds)


async def _adopted(sequencer: Sequencer, projects: list[str]) -> list[UUID]:
    servers = [uuid4() for _ in range(_SERVERS)]
    await burst(sequencer, list(workload.adopt(servers, projects)), _IN_FLIGHT)
    return servers


async def _only(sequencer: Sequencer, count: int) -> float:
    servers, rates = await _adopted(sequencer, _SPREAD), []
    for n in range(count):
        asked = workload.scale(servers, n + 2)
        rates.append((await burst(sequencer, asked, _IN_FLIGHT, _SPREAD)).rate)
        await burst(sequencer, workload.confirm(asked), _IN_FLIGHT)
    return median(rates)


def _rows(taken: Taken) -> Iterator[Row]:
    spread, hot = (median(one.rate for one in bursts) for bursts in (taken.spread, taken.hot))
    latencies = [seconds * 1000 for one in taken.spread for seconds in one.latencies]
    what = f"scale decisions, {_IN_FLIGHT} in flight"
    yield Row(what=what, figure=spread, unit="/s", budget=Budget(least=10_000))
    yield Row(what="… p50", figure=percentile(latencies, 50), unit="ms")
    yield Row(what="… p99", figure=percentile(latencies, 99), unit="ms")
    yield Row(
        what="… all in one project",
        figure=hot,
        unit="/s",
        peer=spread,
        peer_is="over 100 projects",
        budget=Budget(least=90, of="percent"),
    )
    yield Row(
        what="… against the library's own save",
        figure=spread,
        unit="/s",
        peer=median(taken.library),
        peer_is="32 threads",
        budget=Budget(least=40, of="ratio"),
    )
    yield Row(
        what="… against psycopg, the same batches",
        figure=spread,
        unit="/s",
        peer=median(taken.raw),
        peer_is="bare",
        budget=Budget(least=50, of="percent"),
    )
