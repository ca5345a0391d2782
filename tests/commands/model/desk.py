"""Commands decided as the sequencer decides them, one batch after another, without its thread."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any
from uuid import UUID

import msgspec

from commands.command import A, Command, Stream
from commands.engine.aggregate_cache import AggregateCache
from commands.engine.answers import Answers
from commands.engine.decision_batch import DecisionBatch
from commands.engine.request import Request
from commands.engine.store import Answer
from domain.shared.errors import Refused
from domain.shared.events import Fact
from tests.kit.examples import NOON
from tests.kit.memory_store import MemoryStore, Snapshot


class Desk:
    """What is in memory lives from restart to restart; the store outlives it."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        self.store.acquire()
        self._asked = 0
        self.memory = self._empty()

    @property
    def facts(self) -> list[Fact[Any]]:
        return self.store.facts

    def ask(self, *commands: Command) -> list[Answer | Refused]:
        """What each comes to, all of them in one commit."""
        round_ = self._decided(*commands)
        if not round_.batch().empty:
            self.store.append(round_.batch())
        return [_answered(outcome) for _, outcome in round_.outcomes]

    def ask_in_vain(self, *commands: Command) -> None:
        """They are decided, and the log is lost before anything of it is written."""
        self._decided(*commands)
        self.memory.forget()

    def restart(self, *, with_snapshots: bool) -> None:
        """Memory is lost. Everything is loaded again, from snapshots as far as there are any."""
        if with_snapshots:
            for name in {fact.stream for fact in self.facts}:
                if live := self.memory.peek(name):
                    self.store.snapshots[name] = _snapshot(live)
        self.memory = self._empty()

    def find(self, kind: type[A], id: str) -> Stream[A] | None:
        return self.memory.find(kind, id)

    def open(self, kind: type[A], id: str) -> A:
        """As it is now, blank where there is no history."""
        return self.memory.open(kind, id).state

    def _empty(self) -> AggregateCache:
        return AggregateCache(self.store, bound=1000)

    def _decided(self, *commands: Command) -> DecisionBatch:
        round_ = DecisionBatch(
            self.memory, Answers(bound=10), at=NOON, position=len(self.store.facts)
        )
        round_.decide([self._request(command) for command in commands])
        return round_

    def _request(self, command: Command) -> Request:
        self._asked += 1
        future: Future[Answer] = Future()
        return Request(command, by="wei", because=UUID(int=self._asked), future=future)


def _snapshot(live: Stream[Any]) -> Snapshot:
    return Snapshot(live.version, live.state.snapshot_format, msgspec.json.encode(live.state))


def _answered(outcome: Answer | Exception) -> Answer | Refused:
    if isinstance(outcome, Answer | Refused):
        return outcome
    raise outcome
