"""Tells the leader what became of operations, in batches, until it has heard."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from queue import Empty, SimpleQueue
from uuid import UUID

import httpx
import msgspec

from adapters.reports import MOST, Outcome, Outcomes

_log = logging.getLogger(__name__)

_PAUSE = 0.2
_PATIENCE = httpx.Timeout(30.0, connect=2.0)


class Reporter:
    """``leader`` gives the address of the process that leads; ``heard`` is told, in this thread,
    which operations it has recorded."""

    def __init__(
        self,
        *,
        leader: Callable[[], str | None],
        token: str,
        heard: Callable[[Iterable[UUID]], None],
    ) -> None:
        self._leader = leader
        self._heard = heard
        self._queue: SimpleQueue[Outcome | None] = SimpleQueue()
        self._stopping = threading.Event()
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        self._client = httpx.Client(headers=headers, timeout=_PATIENCE)
        self._thread = threading.Thread(target=self._run, name="reporter", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._queue.put(None)
        self._thread.join()
        self._client.close()

    def report(self, outcome: Outcome) -> None:
        self._queue.put(outcome)

    def _run(self) -> None:
        while not self._stopping.is_set():
            if outcomes := self._take():
                self._tell(outcomes)

    def _take(self) -> list[Outcome]:
        outcomes: list[Outcome] = []
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

    def _tell(self, outcomes: list[Outcome]) -> None:
        """Again and again: what is never heard stays in the outbox, and is asked again."""
        body = msgspec.json.encode(Outcomes(outcomes=outcomes))
        while not self._stopping.is_set() and not self._told(body):
            self._stopping.wait(_PAUSE)
        self._heard(outcome.operation for outcome in outcomes)

    def _told(self, body: bytes) -> bool:
        if (leader := self._leader()) is None:
            return False
        try:
            answer = self._client.post(f"{leader}/v1/outcomes", content=body)
        except httpx.HTTPError as e:
            _log.warning("the leader does not hear: %s", e)
            return False
        if answer.status_code != httpx.codes.NO_CONTENT:
            _log.warning("the leader answers %s: %s", answer.status_code, answer.text)
        return answer.status_code == httpx.codes.NO_CONTENT
