"""What the eventsourcing library asks of every recorder holds for ours, by the library's tests.

Its own bases are run as they are, with two adaptations: ids are text, and as an aggregate recorder
ours hides the positions that it returns as an application recorder.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from eventsourcing.persistence import AggregateRecorder, StoredEvent
from eventsourcing.tests.persistence import (
    AggregateRecorderTestCase,
    ApplicationRecorderTestCase,
    NonInterleavingNotificationIDsBaseCase,
    RecorderTestCase,
)
from psycopg_pool import ConnectionPool

from adapters.eventlog.recorder import FactRecorder
from adapters.eventlog.writer import Writer


class OnPostgres(RecorderTestCase):
    """Each test has a database of its own."""

    @pytest.fixture(autouse=True)
    def _on(self, database: str) -> None:
        self.database = database

    def new_originator_id(self) -> str:
        return f"server:{uuid4()}"

    def create_recorder(self) -> FactRecorder:
        kwargs = {"autocommit": True, "options": "-c timezone=UTC"}
        pool: ConnectionPool[psycopg.Connection] = ConnectionPool(
            self.database, min_size=1, max_size=4, kwargs=kwargs, open=True
        )
        self.addCleanup(pool.close)
        writer = Writer(self.database)
        self.addCleanup(writer.release)
        return FactRecorder(pool, writer)


class TestApplicationRecorder(OnPostgres, ApplicationRecorderTestCase[FactRecorder]):
    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestNotificationIds(OnPostgres, NonInterleavingNotificationIDsBaseCase):
    pass


class TestAggregateRecorder(OnPostgres, AggregateRecorderTestCase):
    def create_recorder(self) -> Any:
        return _WithoutPositions(super().create_recorder())


class _WithoutPositions(AggregateRecorder):
    """An aggregate recorder must not tell positions, an application recorder must."""

    def __init__(self, recorder: FactRecorder) -> None:
        self._recorder = recorder

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> None:
        self._recorder.insert_events(stored_events)

    def select_events(self, originator_id: Any, **kwargs: Any) -> Sequence[StoredEvent]:
        return self._recorder.select_events(originator_id, **kwargs)
