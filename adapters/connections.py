"""Connections to PostgreSQL: autocommit, times in UTC, a dead peer noticed within seconds."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg_pool import ConnectionPool

# Both ends look whether the other still lives: a client whose server has gone must not wait for
# it, and a server must not keep the lock of a writer whose machine has gone (seconds, and
# milliseconds for the user timeout). Over a Unix socket none of it is needed, or does anything.
_KEEPALIVE = {
    "keepalives_idle": 2,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
_OPTIONS = (
    "-c timezone=UTC -c tcp_keepalives_idle=2 -c tcp_keepalives_interval=2 "
    "-c tcp_keepalives_count=3 -c tcp_user_timeout=10000"
)
_SETTINGS: dict[str, Any] = {
    "autocommit": True,
    "options": _OPTIONS,
    "connect_timeout": 5,
    **_KEEPALIVE,
}


def connect(dsn: str) -> psycopg.Connection:
    """A connection with these settings. Raises psycopg.OperationalError."""
    return psycopg.connect(dsn, **_SETTINGS)


def pool(dsn: str) -> ConnectionPool[psycopg.Connection]:
    """A pool of up to 8 connections for reading; a dead one is noticed before it is handed out."""
    return ConnectionPool(
        dsn,
        min_size=1,
        max_size=8,
        timeout=5.0,
        open=True,
        check=ConnectionPool.check_connection,
        kwargs=_SETTINGS,
    )
