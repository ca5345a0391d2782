"""One command on its way through the sequencer, and how its caller is answered."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from concurrent.futures import Future
from contextlib import suppress
from uuid import UUID

from commands.command import Command
from commands.engine.store import Answer, Key

Outcome = Answer | Exception


class KeyReused(Exception):
    """The Idempotency-Key was used before for another request."""


class Overloaded(Exception):
    """Too many commands are waiting. Nothing was done; ask again."""


class TenantOverloaded(Overloaded):
    """One tenant has as many commands waiting as there is room left for the others. Nothing was
    done; ask again. ``waiting``: how many it has."""

    def __init__(self, waiting: int) -> None:
        super().__init__()
        self.waiting = waiting

    def __str__(self) -> str:
        return (
            f"{self.waiting} changes of this project are waiting already, and the others need the "
            "room that is left. Nothing was done; wait for the answers, then try again."
        )


class NotLeader(Exception):
    """Another process writes the log. Nothing was done here."""


class Unavailable(Exception):
    """The log cannot be reached. Ask again with the same key to learn whether anything was done."""


class Request:
    """A command with its caller. Mutable on purpose: one thread at a time has it. ``tenant``: in
    whose queue it waits; None: in the region's own."""

    __slots__ = ("because", "by", "command", "fingerprint", "future", "key", "tenant")

    def __init__(
        self,
        command: Command,
        *,
        by: str,
        because: UUID,
        future: asyncio.Future[Answer] | Future[Answer],
        key: str | None = None,
        fingerprint: bytes = b"",
        tenant: str | None = None,
    ) -> None:
        self.command = command
        self.by = by
        self.because = because
        self.future = future
        self.key = Key(by, key) if key else None
        self.fingerprint = fingerprint
        self.tenant = tenant

    def against(self, known: Answer) -> Outcome:
        """The outcome of a request whose key was answered before."""
        return known if known.fingerprint == self.fingerprint else KeyReused(self.key)


def answer(outcomes: Iterable[tuple[Request, Outcome]]) -> None:
    """Answer every caller. Those waiting in one event loop are woken once for all of them."""
    loops: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Answer], Outcome]]] = {}
    for request, outcome in outcomes:
        if isinstance(request.future, Future):
            _resolve(request.future, outcome)
        else:
            loops.setdefault(request.future.get_loop(), []).append((request.future, outcome))
    for loop, waiting in loops.items():
        # A loop that was closed has nobody who waits any more.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_resolve_all, waiting)


def _resolve_all(waiting: list[tuple[asyncio.Future[Answer], Outcome]]) -> None:
    for future, outcome in waiting:
        _resolve(future, outcome)


def _resolve(future: asyncio.Future[Answer] | Future[Answer], outcome: Outcome) -> None:
    if future.done():  # the caller has gone; what was recorded stays recorded
        return
    if isinstance(outcome, Exception):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)
