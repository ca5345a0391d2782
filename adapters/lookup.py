"""One look-up for a caller: it runs in a thread, and ends when nobody waits for it any more."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

import psycopg

T = TypeVar("T")

# Seconds that PostgreSQL may take to hear that a statement is to be cancelled.
_CANCEL = 1.0

_thread = threading.local()


class LookupEnded(Exception):
    """Nobody waits for what was being read."""


class Lookup:
    """Safe for threads: one reads, and others may end it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ended = False
        self._connection: psycopg.Connection | None = None

    def run(self, read: Callable[[], T]) -> T:
        """``read`` in this thread, as this look-up. Raises LookupEnded, and what it raises."""
        _thread.lookup = self
        try:
            self.go_on()
            return read()
        finally:
            del _thread.lookup

    def go_on(self) -> None:
        """Asked before each further piece of work. Raises LookupEnded."""
        if self._ended:
            raise LookupEnded

    def end(self) -> None:
        """Cancel the statement that runs, and let no other begin. Takes up to a second."""
        self._ended = True
        with self._lock:
            if self._connection:
                with suppress(psycopg.Error):
                    self._connection.cancel_safe(timeout=_CANCEL)

    @contextmanager
    def on(self, connection: psycopg.Connection) -> Iterator[None]:
        """While a connection is used for it. One that was ended is closed: its cancelling may come
        late, and must not hit the next that reads there. Raises LookupEnded."""
        with self._lock:
            self._connection = connection
        try:
            self.go_on()
            yield
        finally:
            with self._lock:
                self._connection = None
            if self._ended:
                connection.close()


def lookup() -> Lookup:
    """The one that this thread is at; outside of any, one that nobody ends."""
    found: Lookup | None = getattr(_thread, "lookup", None)
    return found or Lookup()
