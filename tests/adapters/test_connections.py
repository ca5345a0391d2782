"""Limits of connections to PostgreSQL hold for as long as the connection."""

from __future__ import annotations

import psycopg
import pytest

from adapters.connections import PATIENCE, UNLIMITED, ReadingPool, connect
from adapters.lookup import Lookup, LookupEnded


def limit(connection: psycopg.Connection) -> str:
    row = connection.execute("SHOW statement_timeout").fetchone()
    assert row
    shown: str = row[0]
    return shown


def test_every_connection_limits_its_statements(database: str) -> None:
    with connect(database) as connection:
        assert limit(connection) == f"{PATIENCE:g}s"
    with connect(database, patience=UNLIMITED) as connection:
        assert limit(connection) == "0"


def test_a_readers_limit_holds_for_each_statement(database: str) -> None:
    with ReadingPool(database, size=1, patience=0.05) as pool:
        for _ in range(2):
            with pool.connection() as connection, pytest.raises(psycopg.errors.QueryCanceled):
                connection.execute("SELECT pg_sleep(600)")


def test_a_lookup_that_was_ended_begins_no_other_statement(database: str) -> None:
    lookup, begun = Lookup(), list[int]()

    def read() -> None:
        with pool.connection() as connection:
            begun.append(connection.info.backend_pid)
            lookup.end()
        with pool.connection():
            begun.append(0)

    with ReadingPool(database, size=1, patience=60) as pool:
        with pytest.raises(LookupEnded):
            lookup.run(read)
        with pool.connection() as connection:  # another one: the first may still be cancelled
            assert begun != [connection.info.backend_pid]
    assert len(begun) == 1
