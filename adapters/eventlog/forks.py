"""A history that has forked: the log does not have any more what was read or written in it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg_pool import ConnectionPool

from commands.engine.store import WriterLost
from domain.shared.events import Fact

_log = logging.getLogger(__name__)


class HistoryForked(WriterLost):
    """The log lacks a fact that this process knows, or has another in its place."""


def told(position: int, done: str) -> str:
    """What people read. ``done``: what this process has done at ``position``: read, written."""
    return (
        f"The history has forked: this process has {done} position {position}, and the log "
        "does not have it any more. A standby that lagged was promoted, or a backup restored. "
        "Find out what is lost, stop the relays, and start this process anew to go on."
    )


class Continuity:
    """Whether the log goes on from what this process knows. ``forked``: what is wrong; None:
    nothing was when it was last looked at."""

    def __init__(self, pool: ConnectionPool[psycopg.Connection]) -> None:
        self._pool = pool
        self.forked: str | None = None

    def check(self, last: Fact[Any], rows: Sequence[Sequence[Any]]) -> None:
        """``rows``: of the log, from the position of ``last`` on. Raises HistoryForked, and
        psycopg's errors."""
        if rows and _is(last, rows[0]):
            self.forked = None
        elif rows or not self._is_behind():
            self._say(told(last.position, "read"))
            raise HistoryForked(self.forked)

    def _is_behind(self) -> bool:
        """A standby may not have it yet."""
        with self._pool.connection() as connection:
            row = connection.execute("SELECT pg_is_in_recovery()").fetchone()
        return bool(row and row[0])

    def _say(self, why: str) -> None:
        if why != self.forked:
            _log.error("%s", why)
        self.forked = why


def _is(fact: Fact[Any], row: Sequence[Any]) -> bool:
    position, stream, version, *_, because = row
    return (position, stream, version, because) == (
        fact.position,
        fact.stream,
        fact.version,
        fact.because,
    )
