"""Wakes a relay when something was committed for it to carry."""

from __future__ import annotations

import logging
import threading

import psycopg

from adapters.connections import connect

_log = logging.getLogger(__name__)


class Listener(threading.Thread):
    """Wakes the relay's loop on every commit; without it the loop would look twice a second."""

    def __init__(
        self, dsn: str, *, wake: threading.Event, stopping: threading.Event, idle: float
    ) -> None:
        """``idle``: seconds until it looks again whether it is to stop, or tries again."""
        super().__init__(name="listener", daemon=True)
        self._dsn = dsn
        self._wake = wake
        self._stopping = stopping
        self._idle = idle

    def run(self) -> None:
        """In its own thread, until the relay stops."""
        while not self._stopping.is_set():
            try:
                with connect(self._dsn) as connection:
                    connection.execute("LISTEN ullage_outbox")
                    while not self._stopping.is_set():
                        for _ in connection.notifies(timeout=self._idle, stop_after=1):
                            self._wake.set()
            except psycopg.Error as e:
                _log.warning("no wake-up calls: %s", e)
                self._stopping.wait(self._idle)
