"""The connections of a serving process, apart by who may wait for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from adapters.connections import ReadingPool, pool
from adapters.eventlog.reader import LogReader
from adapters.http.gateway.parts.lookups import Lookups
from adapters.http.gateway.parts.outbox import Outbox
from adapters.http.gateway.parts.reads import Reads
from adapters.readside.models import ReadSide

_READERS = 8
"""Callers whose reading the database does at a time."""


class Pools:
    """``own`` is the region's: nobody who reads, or writes past the log, queues in it."""

    def __init__(self, dsn: str, *, read_seconds: float) -> None:
        self.own = pool(dsn)
        self._outbox = pool(dsn, size=2)
        self.reading = ReadingPool(dsn, size=_READERS, patience=read_seconds)
        self._lookups = Lookups(threads=_READERS, seconds=read_seconds)

    def outbox(self) -> Outbox:
        """What callers take back before it is sent."""
        return Outbox(self._outbox)

    def reads(self, readside: ReadSide, *, now: Callable[[], datetime]) -> Reads:
        """What callers read."""
        return Reads(readside, LogReader(self.reading), self.reading, self._lookups, now=now)

    def close(self) -> None:
        self._lookups.close()
        for one in (self.reading, self._outbox, self.own):
            one.close()
