"""Where the process that leads the region answers, written by itself into PostgreSQL."""

from __future__ import annotations

from threading import Lock
from time import monotonic
from typing import LiteralString

import psycopg

from adapters.connections import BRIEF, connect

_FRESH = 0.5

_ANNOUNCE: LiteralString = """
INSERT INTO leader (address) VALUES (%(address)s)
ON CONFLICT (one) DO UPDATE SET address = excluded.address, since = now()
"""
_FIND: LiteralString = "SELECT address FROM leader"


class Leadership:
    """The address is looked up again when it is older than half a second. Safe for threads."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._lock = Lock()
        self._address: str | None = None
        self._looked = -_FRESH

    def announce(self, address: str) -> None:
        """Record where the leader is reached. Raises psycopg.Error."""
        with connect(self._dsn) as connection:
            connection.execute(_ANNOUNCE, {"address": address})

    def address(self) -> str | None:
        """The last leader's address; None where there is none, or PostgreSQL does not answer."""
        with self._lock:
            if monotonic() - self._looked >= _FRESH:
                self._address = self._find()
                self._looked = monotonic()
            return self._address

    def _find(self) -> str | None:
        try:
            with connect(self._dsn, patience=BRIEF) as connection:
                row = connection.execute(_FIND).fetchone()
        except psycopg.Error:
            return None
        return row[0] if row else None
