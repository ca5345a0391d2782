"""The log as the sequencer and the read side use it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString

import msgspec
import psycopg
from eventsourcing.persistence import IntegrityError
from psycopg_pool import ConnectionPool

from adapters.clock import TELL, RegionClock
from adapters.eventlog import seal
from adapters.eventlog.answers import answers
from adapters.eventlog.forks import Continuity
from adapters.eventlog.history import FORGED, HISTORY
from adapters.eventlog.library_errors import lost
from adapters.eventlog.mapper import FactMapper
from adapters.eventlog.recorder import FactRecorder
from adapters.eventlog.writer import Writer
from adapters.setting_defaults import LEADER_LEASE
from commands.command import A, Stream
from commands.engine.store import Answer, Batch, Key, KeyTaken, WriterLost
from domain.history import AnyEvent
from domain.shared.events import Fact

_WRITTEN: LiteralString = """
SELECT stream = %(stream)s AND version = %(version)s AND because = %(because)s
FROM facts WHERE position = %(position)s
"""

_log = logging.getLogger(__name__)


class EventLog:
    """Implements :class:`commands.engine.store.Store`, and reads facts in order for everybody
    else."""

    def __init__(
        self,
        dsn: str,
        pool: ConnectionPool[psycopg.Connection],
        clock: RegionClock | None = None,
        *,
        name: str = "",
        lease: float = LEADER_LEASE,
    ) -> None:
        """``name``: of this process, in its terms. ``lease``: seconds for which it may be silent
        while it leads."""
        self._pool = pool
        self._continuity = Continuity(pool)
        self._clock = clock or RegionClock()
        self._writer = Writer(dsn, self._clock, name=name, lease=lease)
        self.mapper = FactMapper()
        self.recorder = FactRecorder(pool, self._writer)

    # For the sequencer

    def acquire(self) -> int | None:
        if self._continuity.forked:
            self._writer.release()
            return None
        with lost():
            return self._writer.position if self._writer.acquire() else None

    def latest(self) -> datetime | None:
        return self._writer.latest

    def is_current(self) -> bool:
        return self._writer.is_current()

    def hang_up(self) -> None:
        """End a call of the writer's that hangs. For another thread than the sequencer's."""
        self._writer.hang_up()

    @property
    def unfit(self) -> str | None:
        """Why this process may not lead, though it could; None: it may."""
        return self.forked or self._writer.unfit

    @property
    def forked(self) -> str | None:
        """That the log lacks what this process has read in it; None: it has it all."""
        return self._continuity.forked

    def release(self) -> None:
        self._writer.release()

    def ping(self) -> None:
        with lost():
            self._writer.ping()

    def append(self, batch: Batch) -> Sequence[int]:
        stored = seal.sealed([self.mapper.store(fact) for fact in batch.facts], batch.snapshots)
        try:
            with lost():
                self.recorder.insert_events(stored, batch=batch)
        except IntegrityError as e:
            if str(e) == "idempotency_keys_pkey":  # the name of the constraint, and nothing else
                raise KeyTaken from e
            # Somebody else has written: whatever is in memory is of the past.
            self._writer.release()
            raise WriterLost(str(e)) from e
        return [len(one.state) for one in stored]

    def committed(self, batch: Batch) -> bool:
        if not batch.facts:
            return self.answers(list(batch.answers)) == batch.answers
        last = batch.facts[-1]
        values = {
            "position": last.position,
            "stream": last.stream,
            "version": last.version,
            "because": last.because,
        }
        with lost(), self._pool.connection() as connection:
            row = connection.execute(_WRITTEN, values).fetchone()
        return bool(row and row[0])

    def answers(self, keys: Sequence[Key]) -> dict[Key, Answer]:
        with lost():
            return answers(self._pool, keys)

    def load(self, kind: type[A], stream: str) -> Stream[A] | None:
        """From the snapshot, if one is there that a leader wrote in the present format, and the
        facts after it."""
        loaded: Stream[A] | None = None
        for version, event_kind, body in self._history(kind, stream):
            if body is None:
                _log.error("%s", FORGED.format(stream=stream, version=version))
                continue
            if event_kind is None:
                state = msgspec.json.decode(body, type=kind)
            else:
                event = self.mapper.event(event_kind, body)
                state = loaded.state.after(event) if loaded else kind.begin(event)
            loaded = Stream(stream, version, state)
        return loaded

    def _history(self, kind: type[A], stream: str) -> list[tuple[int, str | None, str | None]]:
        """On the writer's own connection, if it is ours: it is this thread's, and known to live."""
        values = {"stream": stream, "format": kind.snapshot_format}
        with lost():
            if self._writer.holds:
                return self._writer.select(HISTORY, values)
            with self._pool.connection() as connection:
                return connection.execute(HISTORY, values).fetchall()

    # For everybody who follows

    def facts(self, after: int, limit: int) -> list[Fact[AnyEvent]]:
        """Up to ``limit`` facts after position ``after``. Raises WriterLost."""
        with lost():
            rows = self.recorder.select_rows(after + 1, limit)
        return [self.mapper.read(row) for row in rows]

    def continued(self, last: Fact[AnyEvent], limit: int) -> list[Fact[AnyEvent]]:
        """Up to ``limit`` facts after ``last``. Raises HistoryForked where the log does not have
        that one any more, and WriterLost."""
        with lost():
            rows = self.recorder.select_rows(last.position, limit + 1)
            self._continuity.check(last, rows)
        return [self.mapper.read(row) for row in rows[1:]]

    def tell_time(self) -> None:
        """Read PostgreSQL's clock. Raises WriterLost."""
        with lost(), self._pool.connection() as connection:
            row = connection.execute(TELL).fetchone()
        if row:
            self._clock.read(row[0])

    def head(self) -> int:
        """The position of the last fact; 0: the log is empty. Raises WriterLost."""
        with lost():
            return self.recorder.max_notification_id() or 0
