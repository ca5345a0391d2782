"""Runs what callers read: in threads of its own, for seconds at most, while the caller is there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from litestar.types import Receive

from adapters.lookup import Lookup

T = TypeVar("T")

# Most have ended by then: looking whether the caller is still there has its price.
_SOON = 0.05


class ReadTooLong(Exception):
    """The database would take longer than a caller may have it read."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds

    def __str__(self) -> str:
        return (
            f"Reading this takes more than {self.seconds:g} s, and was ended. "
            "Ask for less: one project or server, a shorter time, a smaller page."
        )


class CallerGone(Exception):
    """The caller has hung up, and what was read for it was ended."""

    def __str__(self) -> str:
        return "The caller has gone."


class Lookups:
    """As many at a time as there are ``threads``, each for ``seconds``, its waiting included."""

    def __init__(self, *, threads: int, seconds: float) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="read")
        self._enders = ThreadPoolExecutor(1, thread_name_prefix="end")
        self.seconds = seconds

    async def run(self, read: Callable[[], T], receive: Receive | None) -> T:
        """What ``read`` returns. ``receive``: how one hears of the caller, whose body has been
        read; None: it is not listened for. Raises ReadTooLong, CallerGone, and what ``read``
        raises."""
        one = Lookup()
        done = asyncio.wrap_future(self._threads.submit(one.run, read))
        try:
            await asyncio.wait((done,), timeout=min(_SOON, self.seconds))
            if not done.done():
                await self._watched(done, receive)
            if not done.done():
                raise ReadTooLong(self.seconds)
        except BaseException:
            done.add_done_callback(_let_go)
            done.cancel()
            self._enders.submit(one.end)
            raise
        return done.result()

    async def _watched(self, done: asyncio.Future[Any], receive: Receive | None) -> None:
        """Raises CallerGone."""
        gone = asyncio.ensure_future(_gone(receive))
        try:
            await asyncio.wait(
                (done, gone), timeout=self.seconds, return_when=asyncio.FIRST_COMPLETED
            )
            if gone.done() and not done.done():
                raise CallerGone
        finally:
            gone.cancel()

    def close(self) -> None:
        """Lookups that still run end by themselves."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._enders.shutdown(wait=False)


async def _gone(receive: Receive | None) -> None:
    """Until the caller has hung up."""
    if receive is None:
        await asyncio.Event().wait()
        return
    while (await receive())["type"] != "http.disconnect":
        pass


def _let_go(ended: asyncio.Future[Any]) -> None:
    """Nobody waits for what came of it."""
    if not ended.cancelled():
        ended.exception()
