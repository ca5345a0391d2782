"""The library's application recorder, with our schema and one statement a batch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from threading import Lock
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from eventsourcing.persistence import (
    ApplicationRecorder,
    ListenNotifySubscription,
    Notification,
    StoredEvent,
    Subscription,
)
from psycopg_pool import ConnectionPool

from adapters.eventlog.mapper import StoredFact
from adapters.eventlog.rows import chained, fact_of
from adapters.eventlog.writer import Writer
from commands.engine.store import Batch

_NOBODY = UUID(int=0)
_OF_STREAM: LiteralString = """
SELECT position, stream, version, kind, body, at, by, because FROM facts
WHERE stream = %(stream)s AND version > %(gt)s AND version <= %(lte)s
ORDER BY version LIMIT %(limit)s
"""

_OF_STREAM_BACKWARDS: LiteralString = """
SELECT position, stream, version, kind, body, at, by, because FROM facts
WHERE stream = %(stream)s AND version > %(gt)s AND version <= %(lte)s
ORDER BY version DESC LIMIT %(limit)s
"""

_IN_ORDER: LiteralString = """
SELECT position, stream, version, kind, body, at, by, because FROM facts
WHERE position >= %(start)s AND position <= %(stop)s
  AND (%(topics)s::text[] IS NULL OR kind = ANY(%(topics)s))
ORDER BY position LIMIT %(limit)s
"""

_LAST = 2**63 - 1


class FactRecorder(ApplicationRecorder):
    """Reads through a pool; writes through the one writer, one batch at a time."""

    def __init__(self, pool: ConnectionPool[psycopg.Connection], writer: Writer) -> None:
        super().__init__()
        self._pool = pool
        self._writer = writer
        self._lock = Lock()
        self.subscriptions: set[FactSubscription] = set()

    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        *,
        batch: Batch | None = None,
        **_: Any,
    ) -> Sequence[int] | None:
        """Number, chain and write the events. ``batch``: what else is written with them."""
        with self._lock:
            if not self._writer.holds:
                self._writer.acquire()
            at = batch.at if batch else datetime.now(UTC)
            stored = [
                _placed(event, self._writer.position + n, at)
                for n, event in enumerate(stored_events, 1)
            ]
            if stored or batch:
                self._writer.write(stored, at, batch)
        for subscription in tuple(self.subscriptions):  # others come and go meanwhile
            subscription.wake()
        return [fact.id for fact in stored]

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        values = {
            "stream": str(originator_id),
            "gt": -1 if gt is None else gt,
            "lte": _LAST if lte is None else lte,
            "limit": limit,
        }
        statement = _OF_STREAM_BACKWARDS if desc else _OF_STREAM
        return [_plain(fact_of(row)) for row in self._select(statement, values)]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        begin = (start or 0) + (0 if inclusive_of_start else 1)
        rows = self.select_rows(begin, limit, stop=stop, topics=topics)
        return [fact_of(row) for row in rows]

    def select_rows(
        self, start: int, limit: int, *, stop: int | None = None, topics: Sequence[str] = ()
    ) -> list[Any]:
        """Up to ``limit`` facts from position ``start`` on, in order, as rows of the log."""
        values = {
            "start": start,
            "stop": _LAST if stop is None else stop,
            "topics": list(topics) or None,
            "limit": limit,
        }
        return self._select(_IN_ORDER, values)

    def max_notification_id(self) -> int | None:
        with self._pool.connection() as connection:
            row = connection.execute("SELECT max(position) FROM facts").fetchone()
        return row[0] if row else None

    def subscribe(
        self, gt: int | None = None, topics: Sequence[str] = ()
    ) -> Subscription[ApplicationRecorder]:
        return FactSubscription(self, gt=gt, topics=topics)

    def chained(self) -> Iterator[tuple[StoredFact, bytes]]:
        """Every fact with its hash, from the first, a few thousand in memory at a time."""
        with self._pool.connection() as connection, connection.transaction():
            yield from chained(connection)

    def _select(self, sql: LiteralString, values: dict[str, Any]) -> list[Any]:
        with self._pool.connection() as connection:
            return connection.execute(sql, values, prepare=True).fetchall()


class FactSubscription(ListenNotifySubscription[FactRecorder]):
    """The library's subscription, woken in this process after each write."""

    def __init__(
        self, recorder: FactRecorder, gt: int | None = None, topics: Sequence[str] = ()
    ) -> None:
        super().__init__(recorder=recorder, gt=gt, topics=topics)
        recorder.subscriptions.add(self)

    def wake(self) -> None:
        self._has_been_notified.set()

    def stop(self) -> None:
        self._recorder.subscriptions.discard(self)
        super().stop()


def _placed(event: StoredEvent, position: int, at: datetime) -> StoredFact:
    """A fact keeps the position that was decided for it; a plain event gets the next."""
    if isinstance(event, StoredFact):
        return event
    return StoredFact(
        id=position,
        originator_id=event.originator_id,
        originator_version=event.originator_version,
        topic=event.topic,
        state=event.state,
        at=at,
        by="",
        because=_NOBODY,
    )


def _plain(fact: StoredFact) -> StoredEvent:
    return StoredEvent(fact.originator_id, fact.originator_version, fact.topic, fact.state)
