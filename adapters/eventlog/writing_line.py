"""Calls on the session that writes: one that hangs is ended, one that is not durable is told."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock
from time import monotonic

import psycopg
from psycopg import errors


class NotDurable(Exception):
    """PostgreSQL has committed, and said that the commit may not be on its standby."""


class WritingLine:
    """One call at a time, in the writer's thread; `hang_up` is for another one."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._connection: psycopg.Connection | None = None
        self._began = 0.0
        self._warned: str | None = None

    @contextmanager
    def calling(self, connection: psycopg.Connection) -> Iterator[None]:
        """While a call is made. Raises NotDurable.

        A commit that waits for a standby and is cancelled is answered as done, with a warning: what
        it wrote could be lost with this server, so that its outcome is not known.
        """
        self._warned = None
        connection.add_notice_handler(self._noticed)
        self._begin(connection)
        try:
            yield
        finally:
            self._begin(None)
            connection.remove_notice_handler(self._noticed)
        if self._warned:
            raise NotDurable(self._warned)

    def hang_up(self, patience: float) -> None:
        """End a call that has waited for longer than ``patience`` seconds: it fails at once."""
        with self._lock:
            if self._connection is not None and monotonic() - self._began > patience:
                _shut(self._connection)

    def _begin(self, connection: psycopg.Connection | None) -> None:
        with self._lock:
            self._connection, self._began = connection, monotonic()

    def _noticed(self, notice: errors.Diagnostic) -> None:
        if notice.severity_nonlocalized == "WARNING":
            self._warned = notice.message_primary or "a warning without words"


def _shut(connection: psycopg.Connection) -> None:
    with suppress(OSError, psycopg.Error), socket.socket(fileno=os.dup(connection.fileno())) as end:
        end.shutdown(socket.SHUT_RDWR)
