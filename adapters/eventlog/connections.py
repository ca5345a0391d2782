"""Connections to PostgreSQL: autocommit, times in UTC, a dead server noticed within seconds."""

from __future__ import annotations

import psycopg
from psycopg_pool import ConnectionPool


def connect(dsn: str) -> psycopg.Connection:
    """Autocommit, times in UTC, and a failing server noticed within seconds."""
    return psycopg.connect(dsn, autocommit=True, options="-c timezone=UTC", connect_timeout=5)


def pool(dsn: str) -> ConnectionPool[psycopg.Connection]:
    """Connections for reading; times in UTC. A dead one is noticed before it is handed out."""
    return ConnectionPool(
        dsn,
        min_size=1,
        max_size=8,
        timeout=5.0,
        open=True,
        check=ConnectionPool.check_connection,
        kwargs={"autocommit": True, "options": "-c timezone=UTC", "connect_timeout": 5},
    )
