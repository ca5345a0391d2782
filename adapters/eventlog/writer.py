"""The connection that writes the log, and holds the lock by which it alone may."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from time import monotonic
from typing import Any, LiteralString

import psycopg
from eventsourcing.persistence import IntegrityError, InterfaceError, OperationalError

from adapters.clock import TELL, RegionClock
from adapters.connections import connect
from adapters.eventlog import chain, fitness
from adapters.eventlog.library_errors import translated
from adapters.eventlog.mapper import StoredFact
from adapters.eventlog.statement import record, touched
from adapters.eventlog.writing_line import WritingLine
from adapters.leadership import lock, term
from adapters.setting_defaults import LEADER_LEASE
from commands.engine.store import Batch

_HEAD = "SELECT position, hash, at FROM facts ORDER BY position DESC LIMIT 1"

_RENEWALS = 8
"""How often a term is renewed within a lease, by a leader that is busy."""

_log = logging.getLogger(__name__)


class Writer:
    """Writes the log. Not safe for threads: the sequencer's thread owns it, but for `is_current`
    and `hang_up`. Raises the library's exceptions.

    ``name``: of this process, in its terms. ``lease``: seconds for which it may be silent.
    """

    def __init__(
        self,
        dsn: str,
        clock: RegionClock | None = None,
        *,
        name: str = "",
        lease: float = LEADER_LEASE,
    ) -> None:
        self._dsn = dsn
        self._clock = clock or RegionClock()
        self._name = name
        self._lease = lease
        self._connection: psycopg.Connection | None = None
        self._line = WritingLine()
        self._term = 0
        self._renewed = 0.0
        self._hash = chain.GENESIS
        self.position = 0
        self.latest: datetime | None = None
        self.unfit: str | None = None
        """Why this process may not write, though it could have the lock; None: it may."""

    @property
    def holds(self) -> bool:
        """Whether this process holds the lock, as far as it knows."""
        return self._connection is not None

    def is_current(self) -> bool:
        """Whether it has the lock, and nobody may have taken it: its lease is not over."""
        return self.holds and monotonic() - self._renewed < self._lease

    def hang_up(self) -> None:
        """End a call that PostgreSQL has not answered within the lease. For another thread."""
        self._line.hang_up(self._lease)

    def acquire(self) -> bool:
        """Take the lock on a new connection, begin a term and find the end of the log; False:
        another process has the lock, or this one may not write."""
        self.release()
        with translated():
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
        with self._line.calling(connection):
            self._tell_time(connection)
            if not lock.taken(connection):
                self._say(lock.end_silent(connection, self._lease))
                return False
            self._say(fitness.unfit(connection, self._clock, self.position, self._hash))
            if self.unfit is None:
                self._begin(connection)
            return self.unfit is None

    def _begin(self, connection: psycopg.Connection) -> None:
        asked = monotonic()
        began = term.begin(connection, self._name)
        self._term, self._renewed = began.n, asked
        row = connection.execute(_HEAD).fetchone()
        self.position, self._hash, self.latest = row or (0, chain.GENESIS, None)

    def _say(self, unfit: str | None) -> None:
        if unfit and unfit != self.unfit:
            _log.error("%s", unfit)
        self.unfit = unfit

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
        """Renew the term, and read what time it is there."""
        with self._called() as connection:
            self._renew(connection)

    def _renew(self, connection: psycopg.Connection) -> None:
        asked = monotonic()
        renewed = term.renew(connection, self._term)
        if renewed is None:
            raise OperationalError(f"term {self._term} is over: another process leads")
        self._renewed = asked
        self._clock.read(renewed.at)

    def select(self, sql: LiteralString, values: dict[str, Any]) -> list[Any]:
        """Rows read on the writer's own connection."""
        with self._called() as connection:
            return connection.execute(sql, values, prepare=True).fetchall()

    def write(self, stored: Sequence[StoredFact], at: datetime, batch: Batch | None = None) -> None:
        """Write all of it in one statement, which is its own transaction."""
        if stored and stored[0].id != self.position + 1:
            raise IntegrityError(f"position {stored[0].id} does not follow {self.position}")
        previous, hashes = self._hash, []
        for fact in stored:
            previous = chain.link(previous, fact)
            hashes.append(previous)
        tables, columns = touched(stored, hashes, at, batch)
        with self._called() as connection:
            if monotonic() - self._renewed > self._lease / _RENEWALS:
                self._renew(connection)
            given = columns | {"term": self._term}
            row = connection.execute(record(tables), given, prepare=True).fetchone()
        if row:
            self._clock.read(row[0])
        if stored:
            self.position, self._hash = stored[-1].id, previous

    @contextmanager
    def _called(self) -> Iterator[psycopg.Connection]:
        """The connection, for a call that is ended when it hangs, and whose commit is durable."""
        with translated():
            connection = self._held()
            with self._line.calling(connection):
                yield connection

    def _held(self) -> psycopg.Connection:
        if self._connection is None:
            raise InterfaceError("this process does not hold the log")
        if not self._clock.agrees:
            raise OperationalError(self._clock.difference())
        return self._connection
