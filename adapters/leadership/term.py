"""The term of a leader, in PostgreSQL: a higher one begins whenever another process leads."""

from __future__ import annotations

from datetime import datetime
from typing import LiteralString, NamedTuple

import psycopg

_BEGIN: LiteralString = """
UPDATE term SET n = n + 1, leader = %(leader)s, began = clock_timestamp(),
                renewed = clock_timestamp()
RETURNING n, clock_timestamp()
"""

_RENEW: LiteralString = """
UPDATE term SET renewed = clock_timestamp() WHERE n = %(n)s RETURNING n, clock_timestamp()
"""

CHECK: LiteralString = "1 / (SELECT count(*) FROM term WHERE n = %(term)s)"
"""In a statement: it fails, and with it all that the statement does, once the term is over."""


class Term(NamedTuple):
    """``n``: its number. ``at``: PostgreSQL's clock when it began, or was renewed (UTC)."""

    n: int
    at: datetime


def begin(connection: psycopg.Connection, leader: str) -> Term:
    """Begin the next term, on the session that holds the lock.

    It is a commit, and waits as one: where it is done, all that earlier leaders committed is as
    durable as it. Raises psycopg.Error.
    """
    row = connection.execute(_BEGIN, {"leader": leader}).fetchone()
    if row is None:
        raise LookupError("the table of terms is empty")
    return Term(*row)


def renew(connection: psycopg.Connection, n: int) -> Term | None:
    """Say that its leader still leads; None: another term has begun. Raises psycopg.Error."""
    row = connection.execute(_RENEW, {"n": n}).fetchone()
    return Term(*row) if row else None
