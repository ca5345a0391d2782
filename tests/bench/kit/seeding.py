"""Fills a log fast: real decisions, a few thousand to a commit, through the real statement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from uuid import uuid4

from adapters.connections import pool
from adapters.eventlog.store import EventLog
from commands.command import Command
from commands.engine.aggregate_cache import AggregateCache
from commands.engine.answers import Answers
from commands.engine.decision_batch import DecisionBatch
from commands.engine.request import Request

_BATCH = 2_000


class Seed:
    """Holds the log as its writer."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._memory = AggregateCache(log, bound=1_000_000)
        self._answered = Answers(bound=0)
        self.position = log.acquire() or 0

    def ask(self, commands: Iterable[Command]) -> None:
        """Raises what the first refused command raises."""
        waiting = iter(commands)
        while batch := list(islice(waiting, _BATCH)):
            self._write(batch)

    def _write(self, commands: list[Command]) -> None:
        now = datetime.now(UTC)
        round_ = DecisionBatch(self._memory, self._answered, at=now, position=self.position)
        round_.decide(
            Request(command, by="seed", because=uuid4(), future=Future()) for command in commands
        )
        for _, outcome in round_.outcomes:
            if isinstance(outcome, Exception):
                raise outcome
        batch = round_.batch()
        self._log.append(batch)
        self.position = batch.facts[-1].position


@contextmanager
def seeding(dsn: str) -> Iterator[Seed]:
    with pool(dsn) as connections:
        log = EventLog(dsn, connections)
        try:
            yield Seed(log)
        finally:
            log.release()
