"""The log in memory: a place for facts that behaves as the one on PostgreSQL, also in trouble."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from threading import Condition
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from commands.command import A, Stream
from commands.engine.store import Answer, Batch, Key, KeyTaken, WriterLost
from domain.shared.events import Event, Fact
from tests.kit.examples import NOON

# Longer than anything takes here: whoever waits as long waits for what never comes.
_NEVER = 30.0


class Snapshot(NamedTuple):
    version: int
    format: int
    state: bytes


class Read(NamedTuple):
    """A stream was loaded, from the facts after this version."""

    stream: str
    after: int


class MemoryStore:
    """Implements :class:`commands.store.Store`. It survives its writer, so that another sequencer
    on it is a restart; it can be told to lose the connection, to be away, or to refuse a batch."""

    def __init__(self) -> None:
        self.facts: list[Fact[Any]] = []
        self.batches: list[Batch] = []
        self.kept: dict[Key, Answer] = {}
        self.snapshots: dict[str, Snapshot] = {}
        self.reads: list[Read] = []
        self.held = False
        # What goes wrong
        self.away = False
        self.held_by_another = False
        self.losses_before_writing = 0
        self.losses_after_writing = 0
        self.losses_on_reading = 0
        self.goes_away_after_losing = False
        self.keys_expire_when_taken = False
        self.refuses: Callable[[Batch], bool] = lambda _: False
        self._turn = Condition()
        self._rest = self._resting = False

    # As a store

    def acquire(self) -> int | None:
        self._pass()
        self.held = not self.held_by_another
        return len(self.facts) if self.held else None

    def is_current(self) -> bool:
        return self.held

    def latest(self) -> datetime | None:
        return self.facts[-1].at if self.facts else None

    def release(self) -> None:
        self.held = False

    def ping(self) -> None:
        self._pass()
        with self._turn:
            self._resting = self._rest
            self._turn.notify_all()
            if not self._turn.wait_for(lambda: not self._rest, _NEVER):
                raise TimeoutError("nobody ended the rest")
            self._resting = False

    def load(self, kind: type[A], stream: str) -> Stream[A] | None:
        self._pass()
        if self._counts_down("losses_on_reading"):
            raise self._lost()
        loaded = self._snapshot(kind, stream)
        self.reads.append(Read(stream, loaded.version if loaded else 0))
        for fact in self.of(stream)[loaded.version if loaded else 0 :]:
            state = loaded.state.after(fact.event) if loaded else kind.begin(fact.event)
            loaded = Stream(stream, fact.version, state)
        return loaded

    def append(self, batch: Batch) -> Sequence[int]:
        self._pass()
        if not self.held or self._counts_down("losses_before_writing"):
            raise self._lost()
        if self.refuses(batch):
            raise ValueError("the log does not take this")
        if any(key in self.kept for key in batch.answers):
            self._expire()
            raise KeyTaken
        if not self._fits(batch.facts):
            raise self._lost()
        self._write(batch)
        if self._counts_down("losses_after_writing"):
            raise self._lost()
        return [len(msgspec.json.encode(fact.event)) for fact in batch.facts]

    def committed(self, batch: Batch) -> bool:
        self._pass()
        if not batch.facts:
            return all(self.kept.get(key) == answer for key, answer in batch.answers.items())
        return batch.facts[-1] in self.facts

    def answers(self, keys: Sequence[Key]) -> dict[Key, Answer]:
        self._pass()
        return {key: self.kept[key] for key in keys if key in self.kept}

    # For tests

    def of(self, stream: str) -> list[Fact[Any]]:
        return [fact for fact in self.facts if fact.stream == stream]

    def record(self, *events: tuple[str, Event], at: datetime = NOON) -> None:
        """As if somebody else had written them."""
        for stream, event in events:
            self.facts.append(
                Fact(
                    position=len(self.facts) + 1,
                    stream=stream,
                    version=len(self.of(stream)) + 1,
                    at=at,
                    by="past",
                    because=UUID(int=0),
                    event=event,
                )
            )

    def wait_for(self, condition: Callable[[], bool]) -> None:
        """Until it holds; looked at each time the writer asks for the log, or has nothing to do."""
        with self._turn:
            assert self._turn.wait_for(condition, _NEVER), "it never came to that"

    @contextmanager
    def writer_resting(self) -> Iterator[None]:
        """Inside, the writer takes no command: what is asked meanwhile comes in one batch."""
        with self._turn:
            self._rest = True
            assert self._turn.wait_for(lambda: self._resting, _NEVER), "the writer never rests"
        try:
            yield
        finally:
            with self._turn:
                self._rest = False
                self._turn.notify_all()

    def _pass(self) -> None:
        with self._turn:
            self._turn.notify_all()
        if self.away:
            raise self._lost()

    def _lost(self) -> WriterLost:
        self.held = False
        self.away |= self.goes_away_after_losing
        return WriterLost("the connection is lost")

    def _counts_down(self, losses: str) -> bool:
        left: int = getattr(self, losses)
        setattr(self, losses, max(0, left - 1))
        return left > 0

    def _expire(self) -> None:
        if self.keys_expire_when_taken:
            self.kept.clear()

    def _fits(self, facts: Sequence[Fact[Any]]) -> bool:
        """As the primary key and the positions see to it."""
        versions = {stream: len(self.of(stream)) for stream in {f.stream for f in facts}}
        for position, fact in enumerate(facts, len(self.facts) + 1):
            versions[fact.stream] += 1
            if (fact.position, fact.version) != (position, versions[fact.stream]):
                return False
        return True

    def _write(self, batch: Batch) -> None:
        self.batches.append(batch)
        self.facts.extend(batch.facts)
        self.kept |= batch.answers
        for stream in batch.snapshots:
            state = msgspec.json.encode(stream.state)
            self.snapshots[stream.id] = Snapshot(
                stream.version, stream.state.snapshot_format, state
            )

    def _snapshot(self, kind: type[A], stream: str) -> Stream[A] | None:
        kept = self.snapshots.get(stream)
        if kept is None or kept.format != kind.snapshot_format:
            return None
        return Stream(stream, kept.version, msgspec.json.decode(kept.state, type=kind))
