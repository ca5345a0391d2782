"""Rebuilds a read model from the log while the old one goes on serving."""

from __future__ import annotations

import logging
import threading
from contextlib import ExitStack

import msgspec
import psycopg
from msgspec.structs import replace

from adapters.connections import UNLIMITED, connect
from adapters.eventlog.store import EventLog
from adapters.readside import tables
from adapters.readside.models import Models, ReadSide
from adapters.readside.rows import UnsavedRows
from adapters.readside.saver import Saver
from projections import catalogue, history, operations, quota_tables, servers

_STEP = 10_000


_log = logging.getLogger(__name__)


class RebuildRunning(Exception):
    """A rebuild is running; there is one at a time."""

    def __str__(self) -> str:
        return "A rebuild is already running; wait for its end."


class RebuildProgress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a rebuild has come: ``position``, of the log's head."""

    name: str
    position: int
    running: bool
    error: str = ""


class Rebuilds:
    """Runs one rebuild at a time in a thread; the leader's task."""

    def __init__(self, dsn: str, log: EventLog, readside: ReadSide, saver: Saver) -> None:
        self._dsn = dsn
        self._log = log
        self._readside = readside
        self._saver = saver
        self._thread: threading.Thread | None = None
        self.progress: RebuildProgress | None = None

    def start(self, name: str) -> RebuildProgress:
        """Start rebuilding ``name``; ``progress`` tells how far it is. Raises RebuildRunning."""
        if self.progress and self.progress.running:
            raise RebuildRunning
        begun = self.progress = RebuildProgress(name=name, position=0, running=True)
        self._thread = threading.Thread(target=self._run, args=(name,), name="rebuild", daemon=True)
        self._thread.start()
        return begun

    def stop(self) -> None:
        """Wait for a running rebuild to end."""
        if self._thread:
            self._thread.join()

    def _run(self, name: str) -> None:
        error = ""
        try:
            self.history() if name == tables.HISTORY else self.rows()
        except Exception as e:  # noqa: BLE001 (whatever it was, the next may be tried)
            error = str(e) or type(e).__name__
            _log.exception("the rebuild of %s failed", name)
        self.progress = RebuildProgress(
            name=name, position=self._readside.position, running=False, error=error
        )

    def _come_to(self, position: int) -> None:
        if self.progress:
            self.progress = replace(self.progress, position=position)

    def history(self) -> None:
        """Rebuild history in one transaction: readers see the old table until the new one is
        complete."""
        with (
            self._saver.paused,
            connect(self._dsn, patience=UNLIMITED) as connection,
            connection.transaction(),
        ):
            connection.execute(history.CLEAR)
            # No further than the servers' table, from which it takes their projects.
            tables.write_history(connection, 0, tables.position(connection, tables.ROWS))

    def rows(self) -> None:
        """Rebuild servers, operations, catalogue and limits, in memory and in tables: they are one
        fold.

        In one transaction: readers of the tables see the old ones until the new ones are complete.
        Only the last facts are folded while writers wait.
        """
        models = Models()
        with (
            self._saver.paused,
            connect(self._dsn, patience=UNLIMITED) as connection,
            ExitStack() as held,
        ):
            with connection.transaction():
                self._write_from_nothing(connection, models)
                # Writers of usage wait for this, for as long as the last facts take to fold:
                # milliseconds.
                connection.execute(quota_tables.HOLD)
                held.enter_context(self._readside.lock)
                self._fold(models, connection)
                self._write_rest(connection, models)
            self._readside.models = models  # committed: before that, the old set is the true one
        self._readside.waiters.seen()

    def _write_from_nothing(self, connection: psycopg.Connection, models: Models) -> None:
        for clear in (servers.CLEAR, operations.CLEAR, catalogue.CLEAR):
            connection.execute(clear)
        self._fold(models, connection)
        things = UnsavedRows()
        things.take_things(models)
        tables.write_rows(connection, things)

    def _fold(self, models: Models, connection: psycopg.Connection) -> None:
        """Fold in all facts; operations that have ended are written at once, to keep memory
        small."""
        while facts := self._log.facts(models.position, _STEP):
            models.apply(facts)
            ended = UnsavedRows()
            ended.take_operations(models.operations.take_ended())
            tables.write_rows(connection, ended)
            self._come_to(models.position)

    def _write_rest(self, connection: psycopg.Connection, models: Models) -> None:
        changed = UnsavedRows()
        changed.take(models)
        tables.write_rows(connection, changed)
        for clear in quota_tables.CLEAR:
            connection.execute(clear)
        columns = models.limits.tables().columns()
        for table in quota_tables.WRITTEN:
            connection.execute(table.sql, columns[table.name])
        tables.set_position(connection, tables.ROWS, models.position)
