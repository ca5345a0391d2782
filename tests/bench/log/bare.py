"""The raw limit: psycopg alone, writing rows that somebody else has decided and encoded."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any, LiteralString

import psycopg

from adapters.connections import connect
from adapters.eventlog.mapper import FactMapper
from adapters.eventlog.statement import record, touched
from commands.engine.store import Batch


class Bare:
    """One connection, the log's own statement, one batch after another."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        self._mapper = FactMapper()

    def write(self, batches: Iterable[Batch]) -> float:
        """Seconds that it took."""
        ready = [self._ready(batch) for batch in batches]
        began = time.perf_counter()
        for statement, columns in ready:
            self._connection.execute(statement, columns, prepare=True)
        return time.perf_counter() - began

    def _ready(self, batch: Batch) -> tuple[LiteralString, dict[str, Any]]:
        stored = [self._mapper.store(fact) for fact in batch.facts]
        hashes = [sha256(fact.state).digest() for fact in stored]
        tables, columns = touched(stored, hashes, batch.at, batch)
        return record(tables), columns


@contextmanager
def bare(dsn: str) -> Iterator[Bare]:
    with connect(dsn) as connection:
        yield Bare(connection)
