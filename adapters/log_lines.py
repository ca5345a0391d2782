"""Lines of the log, written by a thread of their own: whoever says one never waits for who reads
it."""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import BinaryIO

MOST = 10_000
"""Lines that may wait for a reader that hangs."""

_AT_THE_END = 2.0
"""Seconds for which the end of a process waits for a reader that hangs."""

_GATHERED = 0.02
"""Seconds for which lines gather: waking a thread for each costs who says it more than the line."""


class LogLines:
    """A file for structlog's BytesLogger. What waits is written at once, many lines in one call.

    Where more than ``most`` wait, further ones are lost: a reader that hangs must not hold up the
    region. ``lost`` is then told how many, and may say so in a line. At the end of the process all
    that waits is written.
    """

    def __init__(self, file: BinaryIO, lost: Callable[[int], None], *, most: int = MOST) -> None:
        self._file = file
        self._most = most
        self._told_lost = lost
        self._waiting: SimpleQueue[bytes | None] = SimpleQueue()
        self._lost = 0
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._closing = threading.Event()
        atexit.register(self.close)
        os.register_at_fork(after_in_child=self._forked)

    def write(self, line: bytes) -> None:
        """Leave a line to be written."""
        if self._thread is None:
            self._start()
        if self._waiting.qsize() < self._most:
            self._waiting.put(line)
        else:
            self._lost += 1

    def flush(self) -> None:
        """Nothing: it is written soon in any case."""

    def close(self) -> None:
        """Write what waits, and end the thread."""
        if (thread := self._thread) is not None:
            self._closing.set()
            self._waiting.put(None)
            thread.join(_AT_THE_END)
            self._thread = None

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._closing.clear()
                thread = threading.Thread(target=self._run, name="log lines", daemon=True)
                thread.start()
                self._thread = thread

    def _forked(self) -> None:
        """Threads stay with the parent, which writes what waited."""
        self._thread, self._waiting = None, SimpleQueue()
        self._starting = threading.Lock()

    def _run(self) -> None:
        more = True
        while more:
            lines, more = self._taken()
            with suppress(OSError, ValueError):  # closed: nobody reads it any more
                self._write(b"".join(lines))
            if lost := self._lost:
                self._lost -= lost
                self._told_lost(lost)
            self._closing.wait(_GATHERED)

    def _write(self, some: bytes) -> None:
        while some:  # a file without a buffer may take a part only
            some = some[self._file.write(some) :]
        self._file.flush()

    def _taken(self) -> tuple[list[bytes], bool]:
        """All that waits, once there is anything; False: nothing comes any more."""
        lines: list[bytes] = []
        try:
            line = self._waiting.get()
            while line is not None:
                lines.append(line)
                line = self._waiting.get_nowait()
        except Empty:
            return lines, True
        return lines, False
