"""The log on a PostgreSQL database of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import psycopg
import pytest
from psycopg_pool import ConnectionPool

from adapters.eventlog.store import EventLog

Pool = ConnectionPool[psycopg.Connection]
NewLog = Callable[[], EventLog]


@pytest.fixture
def pool(database: str) -> Iterator[Pool]:
    with ConnectionPool(
        database,
        min_size=1,
        max_size=8,
        check=ConnectionPool.check_connection,
        kwargs={"autocommit": True, "options": "-c timezone=UTC"},
    ) as pool:
        yield pool


@pytest.fixture
def new_log(database: str, pool: Pool) -> Iterator[NewLog]:
    """Makes logs on the same database, each as another process would."""
    with ExitStack() as ending:

        def new() -> EventLog:
            log = EventLog(database, pool)
            ending.callback(log.release)
            return log

        yield new


@pytest.fixture
def log(new_log: NewLog) -> EventLog:
    """A log that is held."""
    log = new_log()
    assert log.acquire() == 0
    return log


@pytest.fixture
def sql(database: str) -> Iterator[psycopg.Connection]:
    """Somebody else's session on the same database."""
    with psycopg.connect(database, autocommit=True, options="-c timezone=UTC") as connection:
        yield connection
