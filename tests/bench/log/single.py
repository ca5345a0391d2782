"""One command alone, against one bare INSERT of one row."""

from __future__ import annotations

import time
from collections.abc import Iterator
from uuid import uuid4

import psycopg
import uvloop

from adapters.connections import connect
from commands.engine.sequencer import Sequencer
from tests.bench.kit import workload
from tests.bench.kit.bench import Bench
from tests.bench.kit.leading import ask, leading
from tests.bench.kit.row import Budget, Row, percentile

_TABLE = "CREATE TABLE bare (id bigint PRIMARY KEY, body text NOT NULL)"
_INSERT = "INSERT INTO bare (id, body) VALUES (%s, %s)"
_BODY = "x" * 200


def measure(bench: Bench) -> Iterator[Row]:
    count = 300 if bench.quick else 2_000
    with bench.database() as dsn, leading(dsn) as (sequencer, _), connect(dsn) as connection:
        connection.execute(_TABLE)
        commands, inserts = uvloop.run(_in_turn(sequencer, connection, count))
    yield Row(
        what="one command alone, p50",
        figure=percentile(commands, 50),
        unit="ms",
        peer=percentile(inserts, 50),
        peer_is="bare INSERT",
        budget=Budget(most=2, of="ratio"),
    )
    yield Row(what="… p99", figure=percentile(commands, 99), unit="ms")


async def _in_turn(
    sequencer: Sequencer, connection: psycopg.Connection, count: int
) -> tuple[list[float], list[float]]:
    """Milliseconds of each, one of the one kind after one of the other."""
    commands, inserts = [], []
    servers = [uuid4() for _ in range(count)]
    for adoption in workload.adopt(servers, ["p"]):
        await ask(sequencer, adoption)
    for n, command in enumerate(workload.scale(servers, 2)):
        began = time.perf_counter()
        await ask(sequencer, command)
        between = time.perf_counter()
        connection.execute(_INSERT, (n, _BODY), prepare=True)
        inserts.append((time.perf_counter() - between) * 1000)
        commands.append((between - began) * 1000)
    return commands, inserts
