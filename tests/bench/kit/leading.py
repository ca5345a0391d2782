"""A sequencer in this process, alone or with the whole of a serving process around it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from itertools import cycle
from uuid import uuid4

import msgspec
import psycopg
from psycopg_pool import ConnectionPool

from adapters.bootstrap.process import Process
from adapters.connections import pool
from adapters.eventlog.store import EventLog
from adapters.settings import Settings
from commands.command import Command
from commands.engine.given import Clocks
from commands.engine.sequencer import Sequencer
from commands.engine.store import Answer, Batch
from tests.bench.kit.workload import LIMITS, ready
from tests.kit.region import until

_PRINT = sha256(b"a request").digest()


class Recording(EventLog):
    """Keeps what it has written, so that it can be written again by other means."""

    def __init__(self, dsn: str, connections: ConnectionPool[psycopg.Connection]) -> None:
        super().__init__(dsn, connections)
        self._batches: list[Batch] = []

    def append(self, batch: Batch) -> Sequence[int]:
        sizes = super().append(batch)
        self._batches.append(batch)
        return sizes

    def take(self) -> list[Batch]:
        taken, self._batches = self._batches, []
        return taken


@contextmanager
def leading(dsn: str) -> Iterator[tuple[Sequencer, Recording]]:
    """The sequencer on its log, and nothing else."""
    with pool(dsn) as connections:
        log = Recording(dsn, connections)
        clocks = Clocks(now=lambda: datetime.now(UTC), elapsed=time.monotonic)
        sequencer = Sequencer(log, clocks)
        sequencer.start()
        try:
            _until_leading(sequencer)
            for command in ready():
                sequencer.call(command, by="bench", because=uuid4())
            yield sequencer, log
        finally:
            sequencer.stop()


@contextmanager
def whole(dsn: str) -> Iterator[Process]:
    """Everything that serves but HTTP: read models in memory and their tables, timer, tokens."""
    process = Process(Settings(dsn=dsn, quota=LIMITS))
    process.start()
    try:
        _until_leading(process.sequencer)
        yield process
    finally:
        process.stop()


def _until_leading(sequencer: Sequencer) -> None:
    until(lambda: sequencer.role == "leading", 30)


class Burst(msgspec.Struct, frozen=True, kw_only=True):
    """How long all took together, and each alone (seconds)."""

    seconds: float
    latencies: list[float]

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds


async def ask(sequencer: Sequencer, command: Command, tenant: str | None = None) -> Answer:
    """As a POST with an Idempotency-Key asks."""
    because = uuid4()
    return await sequencer.ask(
        command,
        by="bench",
        because=because,
        key=str(because),
        fingerprint=_PRINT,
        tenant=tenant,
    )


async def burst(
    sequencer: Sequencer,
    commands: Sequence[Command],
    in_flight: int,
    tenants: Sequence[str | None] = (None,),
) -> Burst:
    """``tenants``: who asks for the commands, in turn."""
    waiting, latencies = zip(commands, cycle(tenants), strict=False), list[float]()

    async def caller() -> None:
        for command, tenant in waiting:
            began = time.perf_counter()
            await ask(sequencer, command, tenant)
            latencies.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(in_flight)))
    return Burst(seconds=time.perf_counter() - began, latencies=latencies)
