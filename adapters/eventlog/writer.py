"""The connection that writes the log, and holds the lock by which it alone may."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, LiteralString

import psycopg
from eventsourcing.persistence import (
    IntegrityError,
    InterfaceError,
    OperationalError,
    PersistenceError,
)

from adapters.clock import TELL, RegionClock
from adapters.connections import connect
from adapters.eventlog import chain
from adapters.eventlog.mapper import StoredFact
from adapters.eventlog.statement import record, touched
from adapters.leadership import lock
from commands.engine.store import Batch

_HEAD = "SELECT position, hash, at FROM facts ORDER BY position DESC LIMIT 1"

_log = logging.getLogger(__name__)


class Writer:
    """Writes the log. Not safe for threads: the sequencer's thread owns it. Raises the library's
    exceptions."""

    def __init__(self, dsn: str, clock: RegionClock | None = None) -> None:
        self._dsn = dsn
        self._clock = clock or RegionClock()
        self._connection: psycopg.Connection | None = None
        self._hash = chain.GENESIS
        self.position = 0
        self.latest: datetime | None = None
        self.unfit: str | None = None
        """Why this process may not write, though it could have the lock; None: it may."""

    @property
    def holds(self) -> bool:
        """Whether this process holds the lock, as far as it knows."""
        return self._connection is not None

    def acquire(self) -> bool:
        """Take the lock on a new connection and find the end of the log; False: another process
        has the lock, or this one may not write."""
        self.release()
        with _translated():
            connection = connect(self._dsn)
            try:
                if not self._may(connection):
                    connection.close()
                    return False
            except BaseException:
                connection.close()
                raise
        self._connection = connection
        return True

    def _may(self, connection: psycopg.Connection) -> bool:
        self._tell_time(connection)
        if not lock.taken(connection):
            return False
        row = connection.execute(_HEAD).fetchone()
        self.position, self._hash, self.latest = row or (0, chain.GENESIS, None)
        was, self.unfit = self.unfit, self._unfit()
        if self.unfit and self.unfit != was:
            _log.error("%s", self.unfit)
        return self.unfit is None

    def _unfit(self) -> str | None:
        if not self._clock.agrees:
            return self._clock.difference()
        if self._clock.is_ahead(self.latest):
            return (
                f"The last fact of the log is dated {self.latest}, and it is {self._clock.now()} "
                "now, so this process does not write. Set PostgreSQL's clock right; if the fact "
                "is wrong, restore the log from a backup, or raise ULLAGE_CLOCK_BOUND_SECONDS."
            )
        return None

    def _tell_time(self, connection: psycopg.Connection) -> None:
        row = connection.execute(TELL).fetchone()
        if row:
            self._clock.read(row[0])

    def release(self) -> None:
        """Close the connection, which lets the lock go."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def ping(self) -> None:
        """Check that the connection lives, and read what time it is there."""
        with _translated():
            self._tell_time(self._held())

    def select(self, sql: LiteralString, values: dict[str, Any]) -> list[Any]:
        """Rows read on the writer's own connection."""
        with _translated():
            return self._held().execute(sql, values, prepare=True).fetchall()

    def write(self, stored: Sequence[StoredFact], at: datetime, batch: Batch | None = None) -> None:
        """Write all of it in one statement, which is its own transaction."""
        if stored and stored[0].id != self.position + 1:
            raise IntegrityError(f"position {stored[0].id} does not follow {self.position}")
        previous, hashes = self._hash, []
        for fact in stored:
            previous = chain.link(previous, fact)
            hashes.append(previous)
        tables, columns = touched(stored, hashes, at, batch)
        with _translated():
            row = self._held().execute(record(tables), columns, prepare=True).fetchone()
        if row:
            self._clock.read(row[0])
        if stored:
            self.position, self._hash = stored[-1].id, previous

    def _held(self) -> psycopg.Connection:
        if self._connection is None:
            raise InterfaceError("this process does not hold the log")
        if not self._clock.agrees:
            raise OperationalError(self._clock.difference())
        return self._connection


@contextmanager
def _translated() -> Iterator[None]:
    """psycopg's errors as the library's, as its own recorders raise them."""
    try:
        yield
    except psycopg.IntegrityError as e:
        raise IntegrityError(e.diag.constraint_name or str(e)) from e
    except psycopg.InterfaceError as e:
        raise InterfaceError(str(e)) from e
    except psycopg.OperationalError as e:
        raise OperationalError(str(e)) from e
    except psycopg.Error as e:
        raise PersistenceError(str(e)) from e
