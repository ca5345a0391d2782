"""Tells the leader what became of operations, in batches, until it has heard."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from queue import Empty, SimpleQueue
from typing import Protocol
from uuid import UUID

import httpx
import msgspec

from adapters.relay.refusals import TokenRefusals
from adapters.relay_wire import MOST, Outcomes, ReportedOutcome

_log = logging.getLogger(__name__)

_PAUSE = 0.2
_NOT_TAKEN = frozenset({400, 413, 422, 500})
_FINAL = _NOT_TAKEN | {204}
_PATIENCE = httpx.Timeout(30.0, connect=2.0)


class Heard(Protocol):
    def __call__(self, operations: Iterable[UUID], *, taken: bool) -> None: ...


class Reporter:
    """``leader`` gives the address of the process that leads; ``heard`` is told, in this thread,
    of which operations it has heard, and whether it took what was told of them."""

    def __init__(
        self,
        *,
        leader: Callable[[], str | None],
        token: str,
        heard: Heard,
        refusals: TokenRefusals,
    ) -> None:
        self._leader = leader
        self._refusals = refusals
        self._heard = heard
        self._queue: SimpleQueue[ReportedOutcome | None] = SimpleQueue()
        self._stopping = threading.Event()
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        self._client = httpx.Client(headers=headers, timeout=_PATIENCE, trust_env=False)
        self._thread = threading.Thread(target=self._run, name="reporter", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._queue.put(None)
        self._thread.join()
        self._client.close()

    def report(self, outcome: ReportedOutcome) -> None:
        self._queue.put(outcome)

    def _run(self) -> None:
        self._ask_for_nothing()
        while not (self._stopping.is_set() and self._queue.empty()):
            if outcomes := self._take():
                self._tell(outcomes)

    def _ask_for_nothing(self) -> None:
        """So that a token that is refused is noticed before anything was done."""
        nothing = msgspec.json.encode(Outcomes(outcomes=[]))
        self._told(nothing)
        while self._refusals.going_on and not self._stopping.wait(_PAUSE):
            self._told(nothing)

    def _take(self) -> list[ReportedOutcome]:
        outcomes: list[ReportedOutcome] = []
        outcome = self._queue.get()
        while outcome is not None:
            outcomes.append(outcome)
            if len(outcomes) == MOST:
                break
            try:
                outcome = self._queue.get_nowait()
            except Empty:
                break
        return outcomes

    def _tell(self, outcomes: list[ReportedOutcome]) -> None:
        """Again and again: what is never heard stays in the outbox, and is asked again."""
        body = msgspec.json.encode(Outcomes(outcomes=outcomes))
        while not (status := self._told(body)) and not self._stopping.wait(_PAUSE):
            pass
        if status in _NOT_TAKEN and len(outcomes) > 1:
            for outcome in outcomes:  # one that is not taken must not hold up the others
                self._tell([outcome])
            return
        taken = status == httpx.codes.NO_CONTENT
        self._heard([outcome.operation for outcome in outcomes], taken=taken)

    def _told(self, body: bytes) -> int | None:
        """The answer's status, where asking again would not change it."""
        if (leader := self._leader()) is None:
            return None
        try:
            answer = self._client.post(f"{leader}/v1/outcomes", content=body)
        except httpx.HTTPError as e:
            _log.warning("the leader does not hear: %s", e)
            return None
        self._refusals.heard(answer)
        if answer.status_code != httpx.codes.NO_CONTENT:
            _log.warning("the leader answers %s: %s", answer.status_code, answer.text)
        return answer.status_code if answer.status_code in _FINAL else None
