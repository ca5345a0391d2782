"""Connections to PostgreSQL: every setting of a session that the code relies on, set by it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg_pool import ConnectionPool

from adapters.lookup import lookup

# Both ends look whether the other still lives: a client whose server has gone must not wait for
# it, and a server must not keep the lock of a writer whose machine has gone (seconds, and
# milliseconds for the user timeout). Over a Unix socket none of it is needed, or does anything.
_KEEPALIVE = {
    "keepalives_idle": 2,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
# What a server, a database or a role may have otherwise, and would be believed: how texts and times
# are written, where tables are, what a transaction may do, and when a session that waits is ended.
# How sure a commit is (synchronous_commit) is the operator's to say, and stays as it is.
_SESSION = {
    "client_encoding": "UTF8",
    "datestyle": "ISO",
    "intervalstyle": "postgres",
    "timezone": "UTC",
    "bytea_output": "hex",
    "extra_float_digits": "1",
    "standard_conforming_strings": "on",
    "array_nulls": "on",
    "search_path": "public",
    "default_transaction_isolation": "read committed",
    "default_transaction_read_only": "off",
    "default_transaction_deferrable": "off",
    "lock_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
    "idle_session_timeout": "0",
    "jit": "off",
    "client_connection_check_interval": "2000",
    "tcp_keepalives_idle": "2",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "10000",
}

# An older PostgreSQL takes no connection that sets what it does not know.
_NEWER: dict[str, str] = {"transaction_timeout": "0"}
_NEWER_SINCE = 170_000

PATIENCE = 30.0
"""Seconds that one statement of the region's own work may take."""
BRIEF = 5.0
"""For what is looked up again within a second or two."""
UNLIMITED = 0.0
"""For what takes as long as the log is long: a start, a rebuild, an audit."""


def connect(dsn: str, *, patience: float = PATIENCE) -> psycopg.Connection:
    """A connection with these settings. ``patience``: seconds that a statement may take. Raises
    psycopg.OperationalError."""
    connection = psycopg.connect(dsn, **_settings(dsn, patience))
    try:
        _settle(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def with_session(dsn: str) -> str:
    """The same connection string with these settings in it, for who connects otherwise. Raises
    psycopg.OperationalError."""
    with connect(dsn) as connection:
        newer = _NEWER if connection.info.server_version >= _NEWER_SINCE else {}
    return make_conninfo(dsn, options=_options(dsn, UNLIMITED, **newer))


def pool(dsn: str, *, size: int = 8) -> ConnectionPool[psycopg.Connection]:
    """A pool of up to ``size`` connections for the region's own work; a dead one is noticed before
    it is handed out."""
    return ConnectionPool(dsn, **_pooled(dsn, size, PATIENCE))


class ReadingPool(ConnectionPool[psycopg.Connection]):
    """The same for what callers read, which may end while it runs and changes nothing.

    ``size``: of its connections. ``patience``: seconds that a statement may take, and that one
    waits for a connection.
    """

    def __init__(self, dsn: str, *, size: int, patience: float) -> None:
        own = {
            "default_transaction_read_only": "on",
            "idle_in_transaction_session_timeout": _milliseconds(patience),
        }
        super().__init__(dsn, **_pooled(dsn, size, patience, **own))

    @contextmanager
    def connection(self, timeout: float | None = None) -> Iterator[psycopg.Connection]:
        with super().connection(timeout) as connection, lookup().on(connection):
            yield connection


def _pooled(dsn: str, size: int, patience: float, **more: str) -> dict[str, Any]:
    return {
        "min_size": 1,
        "max_size": size,
        "timeout": 5.0,
        "open": True,
        "check": ConnectionPool.check_connection,
        "configure": _settle,
        "kwargs": _settings(dsn, patience, **more),
    }


def _settings(dsn: str, patience: float, **more: str) -> dict[str, Any]:
    """What psycopg is given. A limit set for one statement ends with its transaction, which where
    each statement is one of its own is at once: this one holds for the connection."""
    return {
        "autocommit": True,
        "options": _options(dsn, patience, **more),
        "connect_timeout": 5,
        **_KEEPALIVE,
        **meant(dsn),
    }


def meant(dsn: str) -> dict[str, str]:
    """Of several hosts that a connection string names the primary is meant, where it does not say
    otherwise: whichever answers first may be a standby."""
    given = conninfo_to_dict(dsn)
    several = "," in str(given.get("host", "")) or "," in str(given.get("hostaddr", ""))
    said = given.get("target_session_attrs", "any") != "any"
    return {"target_session_attrs": "primary"} if several and not said else {}


def _options(dsn: str, patience: float, **more: str) -> str:
    """The settings of a session as PostgreSQL takes them, after those that the connection string
    has, of which only the schema goes before ours."""
    given = str(conninfo_to_dict(dsn).get("options") or "")
    session = _SESSION | {"statement_timeout": _milliseconds(patience)} | more
    if "search_path" in given:
        del session["search_path"]
    ours = " ".join(f"-c {name}={_escaped(value)}" for name, value in session.items())
    return f"{given} {ours}".strip()


def _settle(connection: psycopg.Connection) -> None:
    if connection.info.server_version >= _NEWER_SINCE:
        for name, value in _NEWER.items():
            connection.execute("SELECT set_config(%s, %s, false)", (name, value))


def _milliseconds(seconds: float) -> str:
    return str(round(seconds * 1000))


def _escaped(value: str) -> str:
    return value.replace(" ", "\\ ")
