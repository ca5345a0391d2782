"""The one thread that every command of a region passes, and that alone writes the log.

It takes the waiting commands as a batch, decides them one after another on the aggregates in
memory, writes the batch in one commit, and only then answers.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from concurrent.futures import Future
from typing import Literal
from uuid import UUID

from commands.command import Command
from commands.engine.fair_queue import FairQueue
from commands.engine.given import Bounds, Clocks, Hooks
from commands.engine.request import NotLeader, Request, Unavailable, answer
from commands.engine.settling import Settler
from commands.engine.store import Answer, Store, WriterLost
from commands.engine.tenant_costs import TenantCosts

_log = logging.getLogger(__name__)

SequencerRole = Literal["leading", "following", "cut off"]


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
        self._queue = FairQueue(
            bound=self._bounds.queue, batch=self._bounds.batch, share=self._bounds.share
        )
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sequencer", daemon=True)
        self._settler = Settler(store, clocks, self._hooks, self._bounds, self._stopping)
        self._stayed = clocks.elapsed()
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

    @property
    def position(self) -> int:
        """Of the last fact that this process has written, or found when it took the log."""
        return self._settler.position

    @property
    def costs(self) -> TenantCosts:
        """What each tenant has cost since this process began."""
        return self._settler.costs

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
        request = Request(command, by=by, because=because, future=future, key=key)
        request.fingerprint, request.tenant = fingerprint, tenant
        self._submit(request)
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
        position = self._store.acquire()
        if position is None:
            self._role = "following"
            return
        self._settler.begin_at(position)
        for request in self._hooks.opening():
            self._process([request])
        self._role = "leading"

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
            self._settler.settle(requests)
        except Exception:
            self._role = "cut off"
            answer((request, Unavailable()) for request in requests)
            raise
