"""A region to ask: a sequencer on the log in memory, a clock to set, and what was recorded."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from commands.command import Command
from commands.engine.given import Bounds, Clocks, Hooks
from commands.engine.sequencer import Sequencer
from commands.engine.store import Answer
from domain.shared.events import Event, Fact
from tests.kit.examples import HOST, NOON, PROJECT, SERVER
from tests.kit.memory_store import MemoryStore

SERVER_STREAM, QUOTA_STREAM, HOST_STREAM = f"server:{SERVER}", f"quota:{PROJECT}", f"host:{HOST}"
CLASS_STREAM = "quota-class:default"
BOUNDS = Bounds(idle=0.001, retry=0.001, recovery=5.0)

Outcome = Answer | BaseException


class Ask(NamedTuple):
    """``body`` stands for the request whose fingerprint goes with the key."""

    command: Command
    key: str | None = None
    body: str = ""
    by: str = "wei"
    tenant: str | None = None


class Clock:
    """``now`` is what it is set to; each look at ``elapsed`` takes a second."""

    def __init__(self) -> None:
        self.time = NOON
        self._elapsed = 0.0

    def now(self) -> datetime:
        return self.time

    def elapsed(self) -> float:
        self._elapsed += 1.0
        return self._elapsed


class Region:
    """Begins to work when it is first asked."""

    def __init__(
        self,
        store: MemoryStore | None = None,
        *,
        bounds: Bounds = BOUNDS,
        hooks: Hooks | None = None,
    ) -> None:
        self.store = store or MemoryStore()
        self.clock = Clock()
        self._before = len(self.store.facts)
        self._asked = 0
        self._runs = False
        self.sequencer = Sequencer(
            self.store, Clocks(now=self.clock.now, elapsed=self.clock.elapsed), hooks, bounds
        )

    def given(self, *events: tuple[str, Event]) -> None:
        """What has happened so far."""
        assert not self._runs
        self.store.record(*events)
        self._before = len(self.store.facts)

    @property
    def facts(self) -> list[Fact[Any]]:
        """What was recorded since."""
        return self.store.facts[self._before :]

    @property
    def events(self) -> list[tuple[str, Event]]:
        return [(fact.stream, fact.event) for fact in self.facts]

    def ask(self, command: Command, key: str | None = None, body: str = "") -> Answer:
        """The answer, or the refusal raised."""
        return asyncio.run(self._ask(Ask(command, key, body)))

    def ask_together(self, *asks: Ask) -> list[Outcome]:
        """What each comes to when all of them come in one batch."""
        self.begin()
        return asyncio.run(self._together(asks))

    def ask_together_while_away(self, *asks: Ask) -> list[Outcome]:
        """The same, with the log away from when they have been asked."""
        self.begin()
        return asyncio.run(self._together(asks, away=True))

    def begin(self) -> None:
        if not self._runs:
            self._runs = True
            self.sequencer.start()
            self.store.wait_for(lambda: self.sequencer.role == "leading")

    def end(self) -> None:
        if self._runs:
            self._runs = False
            self.sequencer.stop()

    def asking(self, ask: Ask) -> Coroutine[Any, Any, Answer]:
        self._asked += 1
        return self.sequencer.ask(
            ask.command,
            by=ask.by,
            because=UUID(int=self._asked),
            key=ask.key,
            fingerprint=sha256(ask.body.encode()).digest() if ask.key else b"",
            tenant=ask.tenant,
        )

    async def _ask(self, ask: Ask) -> Answer:
        self.begin()
        return await self.asking(ask)

    async def _together(self, asks: tuple[Ask, ...], *, away: bool = False) -> list[Outcome]:
        with self.store.writer_resting():
            tasks = [asyncio.create_task(self.asking(ask)) for ask in asks]
            await asyncio.sleep(0)  # one turn of the loop, in which every task submits
            self.store.away |= away
        return await asyncio.gather(*tasks, return_exceptions=True)


def told(answer: Outcome, kind: type[Any]) -> Any:
    """The reply in an answer."""
    assert isinstance(answer, Answer)
    return msgspec.json.decode(answer.reply, type=kind)
