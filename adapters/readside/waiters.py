"""Callers in the event loop that wait until the read side has come far enough."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from threading import Lock


class Waiters:
    """Wakes waiting callers. `seen` may be called in any thread, and costs nothing while nobody
    waits."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: list[tuple[Callable[[], bool], asyncio.Future[None]]] = []

    async def until(self, come: Callable[[], bool], within: float) -> bool:
        """Whether ``come`` turned true within so many seconds."""
        if come():
            return True
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        with self._lock:
            self._waiting.append((come, future))
        self.seen()  # it may have come while we were being added
        try:
            await asyncio.wait_for(future, within)
        except TimeoutError:
            return come()
        finally:
            self._drop(future)
        return True

    def seen(self) -> None:
        """Look again at what the callers wait for, and wake those for whom it has come."""
        if not self._waiting:
            return
        with self._lock:
            due = [(come, future) for come, future in self._waiting if come()]
            self._waiting = [one for one in self._waiting if one not in due]
        for _, future in due:
            if not (loop := future.get_loop()).is_closed():
                loop.call_soon_threadsafe(_wake, future)

    def _drop(self, future: asyncio.Future[None]) -> None:
        with self._lock:
            self._waiting = [one for one in self._waiting if one[1] is not future]


def _wake(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
