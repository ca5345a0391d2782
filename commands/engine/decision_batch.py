"""One attempt to decide the requests of a batch, one after another, before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from time import perf_counter
from typing import Any

import msgspec

from commands.command import Change, Decision, Stream
from commands.engine.aggregate_cache import AggregateCache
from commands.engine.answers import Answers
from commands.engine.request import Outcome, Request
from commands.engine.store import Answer, Batch, Key, WriterLost
from commands.engine.tenant_costs import Spent
from domain.shared.errors import Refused
from domain.shared.events import Fact

# A stream is loaded from a snapshot and fewer facts than this: under 5 ms, however long it is.
SNAPSHOT_EVERY = 200

_encode = msgspec.json.Encoder().encode


class DecisionBatch:
    """Collects the outcomes of the requests, and the facts to write.

    The aggregates in memory move on with each decision, so that the next request sees it; if the
    batch is not written, memory must forget them.
    """

    def __init__(
        self, memory: AggregateCache, answered: Answers, *, at: datetime, position: int
    ) -> None:
        self._memory = memory
        self._answered = answered
        self._at = at
        self._position = position
        self._facts: list[Fact[Any]] = []
        self._touched: dict[str, Stream[Any]] = {}
        self._snapshots: dict[str, Stream[Any]] = {}
        self._answers: dict[Key, Answer] = {}
        self.refused: list[Key] = []
        self.outcomes: list[tuple[Request, Outcome]] = []
        self.spent: list[Spent] = []
        self.sizes: Sequence[int] = ()
        """Of the facts, in bytes; none where the answer of the log was lost."""

    def decide(self, requests: Iterable[Request]) -> None:
        """Decide the requests in order. A refusal or a bug of one does not stop the others."""
        for request in requests:
            began, before = perf_counter(), len(self._facts)
            self.outcomes.append((request, self._outcome(request)))
            seconds, facts = perf_counter() - began, len(self._facts) - before
            self.spent.append(Spent(request.tenant, facts, seconds))

    def batch(self) -> Batch:
        """What is to be written so far, in one commit."""
        return Batch(
            at=self._at,
            facts=self._facts,
            touched=self._touched,
            snapshots=list(self._snapshots.values()),
            answers=self._answers,
        )

    def _outcome(self, request: Request) -> Outcome:
        if request.key and (known := self._known(request.key)):
            return request.against(known)
        try:
            return self._record(request, request.command.decide(self._memory))
        except WriterLost:
            raise
        except Refused as refusal:
            if request.key:
                self.refused.append(request.key)
            return refusal
        except Exception as bug:  # noqa: BLE001 (one command's bug must not stop the region)
            return bug

    def _known(self, key: Key) -> Answer | None:
        return self._answers.get(key) or self._answered.get(key)

    def _record(self, request: Request, decision: Decision) -> Answer:
        # Whatever can fail comes first, so that the decision is recorded as a whole or not at all.
        after = self._after(decision.changes)
        reply = _encode(decision.reply)
        for change in decision.changes:
            self._write(request, change)
        self._keep(after)
        answer = Answer(position=self._position, reply=reply, fingerprint=request.fingerprint)
        if request.key:
            self._answers[request.key] = answer
        return answer

    def _after(self, changes: Iterable[Change]) -> dict[str, Stream[Any]]:
        after: dict[str, Stream[Any]] = {}
        for stream, version, aggregate, event in changes:
            before = after.get(stream) or self._memory.peek(stream)
            if version != (before.version if before else 0) + 1:
                raise ValueError(f"version {version} of {stream} would not follow on its last one")
            state = before.state.after(event) if before else aggregate.begin(event)
            after[stream] = Stream(stream, version, state)
        return after

    def _write(self, request: Request, change: Change) -> None:
        self._position += 1
        self._facts.append(
            Fact(
                position=self._position,
                stream=change.stream,
                version=change.version,
                at=self._at,
                by=request.by,
                because=request.because,
                event=change.event,
            )
        )

    def _keep(self, after: dict[str, Stream[Any]]) -> None:
        for name, stream in after.items():
            before = self._touched.get(name) or self._memory.peek(name)
            if (
                stream.version // SNAPSHOT_EVERY
                > (before.version if before else 0) // SNAPSHOT_EVERY
            ):
                self._snapshots[name] = stream
        self._touched |= after
        self._memory.keep(after.values())
