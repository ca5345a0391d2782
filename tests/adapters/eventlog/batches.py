"""Batches for the log, made as the sequencer makes them, and by hand where it never would."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any
from uuid import UUID

from adapters.eventlog.store import EventLog
from commands.command import Command
from commands.engine.aggregate_cache import AggregateCache
from commands.engine.answers import Answers
from commands.engine.decision_batch import DecisionBatch
from commands.engine.request import Request
from commands.engine.store import Answer, Batch, Key, Store
from domain.shared.events import Event, Fact
from tests.kit.examples import NOON

BECAUSE = UUID(int=0xC)


def decided(store: Store, position: int, *commands: Command, key: str | None = None) -> Batch:
    """One batch, in which none of the commands is refused."""
    futures: list[Future[Answer]] = [Future() for _ in commands]
    requests = [
        Request(command, by="wei", because=BECAUSE, future=future, key=key, fingerprint=b"f")
        for command, future in zip(commands, futures, strict=True)
    ]
    round_ = DecisionBatch(
        AggregateCache(store, bound=100), Answers(bound=100), at=NOON, position=position
    )
    round_.decide(requests)
    assert [o for _, o in round_.outcomes if isinstance(o, Exception)] == []
    return round_.batch()


def taken(log: EventLog) -> int:
    """Take the log as soon as the backend of who held it before has gone."""
    while (position := log.acquire()) is None:
        pass
    return position


def write(log: EventLog, *commands: Command, key: str | None = None) -> Batch:
    """Decide them on the log as it is, and record what they come to."""
    batch = decided(log, log.head(), *commands, key=key)
    log.append(batch)
    return batch


def batch(
    position: int,
    *events: tuple[str, int, Event],
    answers: dict[Key, Answer] | None = None,
    because: UUID = BECAUSE,
) -> Batch:
    """These events of streams at versions, from ``position`` on."""
    facts = [
        Fact(
            position=position + n,
            stream=stream,
            version=version,
            at=NOON,
            by="wei",
            because=because,
            event=event,
        )
        for n, (stream, version, event) in enumerate(events)
    ]
    return Batch(at=NOON, facts=facts, touched={}, snapshots=[], answers=answers or {})


def rows(connection: Any, query: str) -> Sequence[tuple[Any, ...]]:
    found: Sequence[tuple[Any, ...]] = connection.execute(query).fetchall()
    return found
