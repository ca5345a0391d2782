"""Saves what changed in memory to the tables, soon after, in batches."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

import psycopg

from adapters.connections import connect
from adapters.readside import tables
from adapters.readside.models import ReadSide
from adapters.readside.rows import UnsavedRows

_log = logging.getLogger(__name__)

# A batch gathers for this long (seconds), well within the lag of 50 ms that is promised.
_GATHER = 0.01
_IDLE = 1.0


class Saver:
    """Saves while this process leads; a follower forgets what the leader has saved."""

    def __init__(self, dsn: str, readside: ReadSide, *, leads: Callable[[], bool]) -> None:
        self._dsn = dsn
        self._readside = readside
        self._leads = leads
        self._rows = UnsavedRows()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self.paused = threading.Lock()
        """Held by a rebuild, which writes the tables itself."""
        self._thread = threading.Thread(target=self._run, name="saver", daemon=True)

    def start(self) -> None:
        """Start saving in a thread."""
        self._thread.start()

    def stop(self) -> None:
        """Stop the thread and wait for it."""
        self._stopping.set()
        self._wake.set()
        self._thread.join()

    def wake(self) -> None:
        """Save soon: something has changed."""
        self._wake.set()

    def _run(self) -> None:
        connection: psycopg.Connection | None = None
        while not self._stopping.is_set():
            self._wake.wait(_IDLE)
            self._wake.clear()
            self._stopping.wait(_GATHER)
            try:
                connection = connection or connect(self._dsn)
                with self.paused:
                    self._save(connection)
            except Exception as e:  # noqa: BLE001 (nothing may end this thread)
                # What was to be saved is kept; the log has it in any case.
                _log.warning("read models are saved later: %s: %s", type(e).__name__, e)
                if connection:
                    connection.close()
                connection = None
                self._stopping.wait(_IDLE)
        if connection:
            connection.close()

    def _save(self, connection: psycopg.Connection) -> None:
        upto = self._gather()
        if self._leads():
            tables.save(connection, self._rows, upto)
            self._rows = UnsavedRows()
            saved = upto
        else:
            saved = tables.position(connection, tables.ROWS)
            self._rows.let_go(saved)
            saved = min(saved, tables.position(connection, tables.HISTORY))
        self._readside.saved = saved
        self._readside.waiters.seen()

    def _gather(self) -> int:
        with self._readside.lock:
            models = self._readside.models
            self._rows.take(models)
            return models.position
