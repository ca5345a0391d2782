"""The lock that says who alone writes the log: an advisory lock of PostgreSQL."""

from __future__ import annotations

import logging
from typing import LiteralString

import psycopg

_log = logging.getLogger(__name__)

# Any number that nothing else in this database uses as an advisory lock.
_LOCK = 7_305_818_002

# Locks are of one server: a standby knows nothing of the primary's, and would give it to anybody.
_TAKE: LiteralString = """
SELECT CASE WHEN pg_is_in_recovery() THEN false ELSE pg_try_advisory_lock(%(lock)s) END
"""

# It is held by a session: ended, it lets go, whatever its process does.
_END_SILENT: LiteralString = """
SELECT pg_terminate_backend(held.pid)
FROM pg_locks AS held, term
WHERE held.locktype = 'advisory' AND held.granted AND held.objsubid = 1
  AND held.classid = (%(lock)s >> 32)::bigint::oid
  AND held.objid = (%(lock)s & 4294967295)::bigint::oid
  AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND term.renewed < clock_timestamp() - %(lease)s::interval
"""


def taken(connection: psycopg.Connection) -> bool:
    """Take it if it is free; whether it is this connection's now.

    It is held by the session that took it, which must be the one that writes: so whoever lost the
    lock can write no more. When a process dies or its connection ends, PostgreSQL lets it go. On a
    standby nobody has it.

    Raises psycopg.Error.
    """
    row = connection.execute(_TAKE, {"lock": _LOCK}).fetchone()
    return bool(row and row[0])


def taken_from_silent(connection: psycopg.Connection, lease: float) -> bool:
    """End the session of a leader that has not renewed its term for ``lease`` seconds, by the
    clock of PostgreSQL; whether there was one. Then the lock is free in a moment.

    Its process may be stopped, or its connection hang: it cannot be asked. Raises psycopg.Error,
    InsufficientPrivilege where its session is another role's.
    """
    found = connection.execute(_END_SILENT, {"lock": _LOCK, "lease": f"{lease} seconds"})
    return bool(found.fetchall())


def end_silent(connection: psycopg.Connection, lease: float) -> str | None:
    """The same, told in the log. Why a leader that is silent goes on holding the lock, and what to
    do; None: none does. Raises psycopg.Error."""
    try:
        if taken_from_silent(connection, lease):
            _log.warning("the leader was silent for %s s: its session was ended", lease)
    except psycopg.errors.InsufficientPrivilege:
        return (
            "The leader is silent, and its session in PostgreSQL is another role's, so that this "
            "process may not end it. Grant pg_signal_backend to the role of this one."
        )
    return None
