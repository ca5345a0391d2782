"""What time it is in the region: PostgreSQL's clock decides, for all processes alike."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import LiteralString

_log = logging.getLogger(__name__)

BOUND = 30.0
"""Seconds. Clocks that a source of time keeps are a thousand times nearer to each other."""

TELL: LiteralString = "SELECT clock_timestamp()"


def local() -> datetime:
    """This machine's clock (UTC)."""
    return datetime.now(UTC)


class RegionClock:
    """PostgreSQL's clock as it was read last, carried on by this machine's steady clock.

    What is dated, and every deadline, goes by it; this machine's own clock is its witness: where
    the two are more than ``bound`` seconds apart, one of them is wrong, and nobody knows which.
    Then this process may read, but must not write. Safe for threads.
    """

    def __init__(
        self,
        bound: float = BOUND,
        *,
        local: Callable[[], datetime] = local,
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        self.bound = timedelta(seconds=bound)
        self._local = local
        self._elapsed = elapsed
        self._read = (local(), elapsed())
        self.apart = timedelta(0)

    def now(self) -> datetime:
        """In UTC; this machine's own time until PostgreSQL's was read."""
        at, elapsed = self._read
        return at + timedelta(seconds=self._elapsed() - elapsed)

    def read(self, database: datetime) -> None:
        """Go by what PostgreSQL's clock says now."""
        agreed = self.agrees
        self._read = (database, self._elapsed())
        self.apart = self._local() - database
        if agreed and not self.agrees:
            _log.error("%s", self.difference())

    @property
    def agrees(self) -> bool:
        """Whether this machine's clock is within the bound of PostgreSQL's."""
        return abs(self.apart) <= self.bound

    def seconds_ahead(self) -> float:
        """How far this machine's clock is ahead of PostgreSQL's; below 0: behind."""
        return self.apart.total_seconds()

    def difference(self) -> str:
        """What is wrong, and what to do, where they do not agree."""
        how = "ahead of" if self.apart > timedelta(0) else "behind"
        return (
            f"This machine's clock is {abs(self.apart).total_seconds():.0f} s {how} PostgreSQL's, "
            f"and {self.bound.total_seconds():.0f} s are allowed, so this process does not write. "
            "Set both clocks by one source of time (NTP)."
        )

    def is_ahead(self, last: datetime | None) -> bool:
        """Whether the last fact of a log is dated later than it can have been written."""
        return last is not None and last > self.now() + self.bound
