"""The lock that says who alone writes the log: an advisory lock of PostgreSQL."""

from __future__ import annotations

import psycopg

# Any number that nothing else in this database uses as an advisory lock.
_LOCK = 7_305_818_002


def taken(connection: psycopg.Connection) -> bool:
    """Take it if it is free; whether it is this connection's now.

    It is held by the session that took it, which must be the one that writes: so whoever lost the
    lock can write no more. When a process dies or its connection ends, PostgreSQL lets it go.

    Raises psycopg.Error.
    """
    row = connection.execute("SELECT pg_try_advisory_lock(%s)", (_LOCK,)).fetchone()
    return bool(row and row[0])
