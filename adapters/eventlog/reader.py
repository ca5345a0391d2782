"""The log as it was: the position of a time, and the state of a stream at a position."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, LiteralString

import msgspec
import psycopg
from psycopg_pool import ConnectionPool

from adapters.eventlog.answers import answers
from adapters.eventlog.mapper import FactMapper
from adapters.lookup import lookup
from commands.command import A, Stream
from commands.engine.store import Answer, Key
from domain.history import AnyEvent
from domain.shared.events import Fact

# The last position that is not later: positions have no gaps, and facts come in the order of their
# time, so that halving finds it with one look at an index for each doubling of the log.
_POSITION_AT: LiteralString = """
WITH RECURSIVE search (low, high) AS (
    SELECT 0::bigint, (SELECT coalesce(max(position), 0) FROM facts)
    UNION ALL
    SELECT CASE WHEN fact.at <= %(at)s THEN fact.position ELSE low END,
           CASE WHEN fact.at <= %(at)s THEN high ELSE fact.position - 1 END
    FROM search JOIN facts AS fact ON fact.position = (low + high + 1) / 2
    WHERE low < high
)
SELECT low FROM search WHERE low = high
"""

_HEAD: LiteralString = "SELECT coalesce(max(position), 0) FROM facts"
_BEGAN: LiteralString = "SELECT at FROM facts ORDER BY position LIMIT 1"
_ENDED: LiteralString = "SELECT at FROM facts ORDER BY position DESC LIMIT 1"

# The nearest that is not newer: fewer facts follow on it than lie between two snapshots. One whose
# digest its fact does not have was written by no leader.
_MILESTONE: LiteralString = """
SELECT milestones.version, milestones.state
FROM milestones JOIN facts USING (stream, version)
WHERE stream = %(stream)s AND format = %(format)s AND position <= %(position)s
  AND snapshot = sha256(convert_to(format || ':' || state, 'UTF8'))
ORDER BY version DESC LIMIT 1
"""

_AFTER: LiteralString = """
SELECT position, stream, version, kind, body, at, by, because FROM facts
WHERE stream = %(stream)s AND version > %(version)s
ORDER BY version
"""

_OF_STREAMS: LiteralString = """
SELECT position, stream, version, kind, body, at, by, because FROM facts
WHERE stream = ANY(%(streams)s) AND position <= %(position)s
ORDER BY stream, version
"""

_AT_ONCE = 500
"""Facts in memory at a time, however long a stream is."""


class LogReader:
    """Reads the past. Raises psycopg's errors, and PoolTimeout."""

    def __init__(self, pool: ConnectionPool[psycopg.Connection]) -> None:
        self._pool = pool
        self._mapper = FactMapper()

    def head(self) -> int:
        """The position of the last fact, whoever wrote it; 0: there was none yet."""
        with self._pool.connection() as connection:
            row = connection.execute(_HEAD).fetchone()
        return row[0] if row else 0

    def answers(self, keys: Sequence[Key]) -> dict[Key, Answer]:
        """What the log remembers of keys."""
        return answers(self._pool, keys)

    def position_at(self, at: datetime) -> int:
        """The position of the last fact recorded up to ``at``; 0: there was none yet."""
        with self._pool.connection() as connection:
            row = connection.execute(_POSITION_AT, {"at": at}).fetchone()
        return row[0] if row else 0

    def ended(self) -> datetime | None:
        """When the last fact was recorded (UTC); None: there is none yet."""
        with self._pool.connection() as connection:
            row = connection.execute(_ENDED).fetchone()
        return row[0] if row else None

    def began(self) -> datetime | None:
        """When the first fact was recorded (UTC); None: there is none yet."""
        with self._pool.connection() as connection:
            row = connection.execute(_BEGAN).fetchone()
        return row[0] if row else None

    def state_at(self, kind: type[A], stream: str, position: int) -> Stream[A] | None:
        """The fold of the stream's facts up to ``position``; None: there was none yet."""
        values = {"stream": stream, "format": kind.snapshot_format, "position": position}
        with self._pool.connection() as connection, connection.transaction():
            found: Stream[A] | None = None
            if row := connection.execute(_MILESTONE, values).fetchone():
                found = Stream(stream, row[0], msgspec.json.decode(row[1], type=kind))
            begin = {"stream": stream, "version": found.version if found else 0}
            for fact in self._facts(connection, _AFTER, begin):
                if fact.position > position:
                    break
                state = found.state.after(fact.event) if found else kind.begin(fact.event)
                found = Stream(stream, fact.version, state)
        return found

    def facts_at(self, streams: Sequence[str], position: int) -> Iterator[Fact[AnyEvent]]:
        """The facts of the streams up to ``position``, stream by stream."""
        values = {"streams": list(streams), "position": position}
        with self._pool.connection() as connection, connection.transaction():
            yield from self._facts(connection, _OF_STREAMS, values)

    def _facts(
        self, connection: psycopg.Connection, sql: LiteralString, values: dict[str, Any]
    ) -> Iterator[Fact[AnyEvent]]:
        with connection.cursor(name="past") as cursor:
            cursor.itersize = _AT_ONCE
            current = lookup()
            for row in cursor.execute(sql, values):
                current.go_on()
                yield self._mapper.read(row)
