"""Decide a batch of commands and write it in one commit, whatever becomes of the log meanwhile."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

from commands.engine.aggregate_cache import AggregateCache
from commands.engine.answers import Answers
from commands.engine.decision_batch import DecisionBatch
from commands.engine.given import Bounds, Clocks, Hooks
from commands.engine.request import Request, answer
from commands.engine.store import Batch, Key, KeyTaken, Store, WriterLost
from commands.engine.tenant_costs import TenantCosts

_NEVER = datetime.min.replace(tzinfo=UTC)


class Superseded(WriterLost):
    """Another session is the writer."""


class Settler:
    """The aggregates in memory, and the answers, as of ``position`` of the log. ``stopping``: set,
    nothing that was lost is tried again. For the sequencer's thread."""

    def __init__(
        self,
        store: Store,
        clocks: Clocks,
        hooks: Hooks,
        bounds: Bounds,
        stopping: threading.Event,
    ) -> None:
        self._store = store
        self._clocks = clocks
        self._hooks = hooks
        self._bounds = bounds
        self._stopping = stopping
        self._memory = AggregateCache(store, bound=bounds.live)
        self._answered = Answers(bound=bounds.answers)
        self._latest = _NEVER
        self.position = 0
        self.costs = TenantCosts()

    def begin_at(self, position: int) -> None:
        """What is in memory may be of before another writer's time: it is dropped."""
        self._memory.forget()
        self.position = position
        # Another process's clock may have been ahead of ours: facts never go back in time.
        self._latest = max(self._latest, self._store.latest() or self._latest)
        self._hooks.lead(position)

    def settle(self, requests: list[Request]) -> None:
        """Decide, write, answer; again where a key turned out to be known or the log was lost.

        Raises WriterLost, and whatever a hook raises: those who have no answer yet need one then.
        """
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
            self.settle([request])

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
                attempt.sizes = self._store.append(attempt.batch())
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
        self.begin_at(position)
        return not attempt.batch().empty and self._store.committed(attempt.batch())

    def _finish(self, attempt: DecisionBatch) -> None:
        batch: Batch = attempt.batch()
        if batch.facts:
            self.position = max(self.position, batch.facts[-1].position)
        self._answered.learn(batch.answers)
        self._memory.trim()
        self.costs.charge(attempt.spent, attempt.sizes)
        try:
            self._hooks.publish(batch.facts)
        finally:
            answer(attempt.outcomes)
