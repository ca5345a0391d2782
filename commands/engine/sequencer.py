"""The one thread that every command of a region passes, and that alone writes the log.

It takes the waiting commands as a batch, decides them one after another on the aggregates in
memory, writes the batch in one commit, and only then answers.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from commands.command import Command
from commands.engine.aggregate_cache import AggregateCache
from commands.engine.answers import Answers
from commands.engine.decision_batch import DecisionBatch
from commands.engine.fair_queue import FairQueue
from commands.engine.request import NotLeader, Request, Unavailable, answer
from commands.engine.store import Answer, Batch, Key, KeyTaken, Store, WriterLost
from domain.shared.events import Fact

_log = logging.getLogger(__name__)

_NEVER = datetime.min.replace(tzinfo=UTC)

Facts = Sequence[Fact[Any]]
SequencerRole = Literal["leading", "following", "cut off"]


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """How much is kept in memory, and how long (seconds) things are waited for. ``share``: how much
    of a batch one tenant may have."""

    queue: int = 25_000
    batch: int = 512
    share: int = 128
    live: int = 100_000
    answers: int = 100_000
    idle: float = 1.0
    retry: float = 0.2
    recovery: float = 15.0
    handover: float = 2.0


class Clocks(msgspec.Struct, frozen=True, kw_only=True):
    """``now`` gives facts their time (UTC); ``elapsed`` counts seconds for time-outs."""

    now: Callable[[], datetime]
    elapsed: Callable[[], float]


class Hooks(msgspec.Struct, frozen=True, kw_only=True):
    """Called in the sequencer's thread.

    ``lead``: each time the log was taken, with the position of its last fact. ``opening``: the
    commands decided first then. ``publish``: after each commit, before anybody is answered; facts
    may come twice when a commit's acknowledgement was lost.
    """

    lead: Callable[[int], None] = lambda _: None
    opening: Callable[[], list[Request]] = list
    publish: Callable[[Facts], None] = lambda _: None


class Superseded(WriterLost):
    """Another session is the writer."""


class Sequencer:
    """Decides commands. Callers get Refused, KeyReused, Overloaded, TenantOverloaded,
    NotLeader or Unavailable."""

    def __init__(
        self,
        store: Store,
        clocks: Clocks,
        hooks: Hooks | None = None,
        bounds: Bounds | None = None,
    ) -> None:
        self._store = store
        self._clocks = clocks
        self._hooks = hooks or Hooks()
        self._bounds = bounds or Bounds()
        self._memory = AggregateCache(store, bound=self._bounds.live)
        self._answered = Answers(bound=self._bounds.answers)
        self._queue = FairQueue(
            bound=self._bounds.queue, batch=self._bounds.batch, share=self._bounds.share
        )
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sequencer", daemon=True)
        self._latest = _NEVER
        self._stayed = clocks.elapsed()
        self.position = 0
        self._role: SequencerRole = "following"

    # For callers, in any thread

    def start(self) -> None:
        """Start the thread, which first tries to take the log."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the waiting commands, release the log, and end the thread."""
        self._stopping.set()
        self._queue.wake()
        self._thread.join()

    @property
    def role(self) -> SequencerRole:
        """Of this process. One whose lease is over may have been followed by another: it does not
        lead until it has the log again."""
        if self._role == "leading" and not self._store.is_current():
            return "cut off"
        return self._role

    @property
    def waiting(self) -> int:
        """How many commands are waiting."""
        return len(self._queue)

    async def ask(
        self,
        command: Command,
        *,
        by: str,
        because: UUID,
        key: str | None = None,
        fingerprint: bytes = b"",
        tenant: str | None = None,
    ) -> Answer:
        """The answer, once it is durable.

        ``key``: the caller's Idempotency-Key; ``fingerprint``: the SHA-256 of its request.
        ``tenant``: in whose queue it waits; None: in the region's own, which is first.
        """
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._submit(
            Request(
                command,
                by=by,
                because=because,
                future=future,
                key=key,
                fingerprint=fingerprint,
                tenant=tenant,
            )
        )
        return await future

    def call(self, command: Command, *, by: str, because: UUID) -> Answer:
        """The answer, for threads that may block."""
        future: Future[Answer] = Future()
        self._submit(Request(command, by=by, because=because, future=future))
        return future.result()

    def _submit(self, request: Request) -> None:
        if self.role == "following":
            raise NotLeader
        if self.role == "cut off":
            raise Unavailable
        self._queue.put(request)
        if self.role != "leading":  # since a moment, so that perhaps nobody takes it any more
            self._turn_away()

    # The thread

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._take_the_log()
                if self._role == "leading":
                    self._lead()
            except WriterLost:
                self._role = "cut off"
            except Exception:  # noqa: BLE001 (see below)
                # Nothing may end this thread: what is in memory is dropped and the log taken anew.
                _log.exception("the sequencer starts anew")
                self._role = "cut off"
            if self._role != "leading":
                self._turn_away()
                self._stopping.wait(self._bounds.retry)
        self._role = "cut off"
        self._turn_away()
        self._store.release()

    def _take_the_log(self) -> None:
        """What is in memory may be of before another writer's time: it is dropped."""
        position = self._store.acquire()
        if position is None:
            self._role = "following"
            return
        self._begin_at(position)
        for request in self._hooks.opening():
            self._process([request])
        self._role = "leading"

    def _begin_at(self, position: int) -> None:
        self._memory.forget()
        self.position = position
        # Another process's clock may have been ahead of ours: facts never go back in time.
        self._latest = max(self._latest, self._store.latest() or self._latest)
        self._hooks.lead(position)

    def _lead(self) -> None:
        while not (self._stopping.is_set() and not len(self._queue)):
            if requests := self._queue.take(self._bounds.idle):
                self._process(requests)
            self._stay(idle=not requests)

    def _stay(self, *, idle: bool) -> None:
        """Stay the writer, also while nothing of what is decided needs to be written."""
        if idle or self._clocks.elapsed() - self._stayed > self._bounds.idle:
            self._store.ping()
            self._stayed = self._clocks.elapsed()

    def _turn_away(self) -> None:
        away = NotLeader() if self.role == "following" else Unavailable()
        answer((request, away) for request in self._queue.take_all())

    # One batch

    def _process(self, requests: list[Request]) -> None:
        """Whatever becomes of the log, nobody waits for ever; who has an answer keeps it."""
        try:
            self._settle(requests)
        except Exception:
            self._role = "cut off"
            answer((request, Unavailable()) for request in requests)
            raise

    def _settle(self, requests: list[Request]) -> None:
        """Decide and write, again where a key turned out to be known or the log was lost."""
        give_up = self._clocks.elapsed() + self._bounds.recovery
        attempt, lost = self._attempt(), False
        while True:
            try:
                if lost and self._regain(attempt):
                    break
                attempt = self._attempt()
                if self._write(attempt, requests):
                    break
            except WriterLost as e:
                if isinstance(e, Superseded):
                    # Perhaps only our own session, which PostgreSQL has not missed yet.
                    give_up = min(give_up, self._clocks.elapsed() + self._bounds.handover)
                if self._stopping.is_set() or self._clocks.elapsed() > give_up:
                    raise
                lost = True
                self._stopping.wait(self._bounds.retry)
            except Exception as unfit:  # noqa: BLE001 (a batch the log does not take)
                self._memory.forget()
                self._one_by_one(requests, unfit)
                return
            else:
                lost = False
        self._finish(attempt)

    def _one_by_one(self, requests: list[Request], unfit: Exception) -> None:
        """One command that cannot be written must not take the others of its batch with it."""
        if len(requests) == 1:
            answer([(requests[0], unfit)])
            return
        for request in requests:
            self._process([request])

    def _attempt(self) -> DecisionBatch:
        self._latest = max(self._latest, self._clocks.now())
        return DecisionBatch(self._memory, self._answered, at=self._latest, position=self.position)

    def _write(self, attempt: DecisionBatch, requests: list[Request]) -> bool:
        """False: some request was answered before, so all must be decided again, knowing that."""
        attempt.decide(requests)
        if self._learn(attempt.refused):
            return False
        try:
            if not attempt.batch().empty:
                self._store.append(attempt.batch())
        except KeyTaken:
            self._memory.forget()
            self._learn(list(attempt.batch().answers))
            return False
        return True

    def _learn(self, keys: list[Key]) -> bool:
        """Whether the log knows any of the keys; if so the attempt must not stand."""
        known = self._store.answers(keys) if keys else {}
        if known:
            self._answered.learn(known)
            self._memory.forget()
        return bool(known)

    def _regain(self, attempt: DecisionBatch) -> bool:
        """Take the log again; whether the attempt that was lost had been written all the same."""
        position = self._store.acquire()
        if position is None:
            raise Superseded("another process holds the log")
        self._begin_at(position)
        return not attempt.batch().empty and self._store.committed(attempt.batch())

    def _finish(self, attempt: DecisionBatch) -> None:
        batch: Batch = attempt.batch()
        if batch.facts:
            self.position = max(self.position, batch.facts[-1].position)
        self._answered.learn(batch.answers)
        self._memory.trim()
        try:
            self._hooks.publish(batch.facts)
        finally:
            answer(attempt.outcomes)
