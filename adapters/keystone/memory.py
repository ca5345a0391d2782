"""Answers kept for as long as they may be believed; each question is asked once at a time."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Generic, TypeVar

import msgspec

from adapters.keystone.errors import IdentityUnavailable

K = TypeVar("K")
V = TypeVar("V")

_THREADS = 8
# Calls that are on their way or wait for a thread; more would only wait longer.
_WAITING = 256


class Kept(msgspec.Struct, Generic[V], frozen=True):
    """An answer, and for how many seconds it may be believed."""

    value: V
    seconds: float


class ActorCache(Generic[K, V]):
    """Keeps up to ``most`` answers; the longest unasked is forgotten first. Safe for threads.

    ``ask`` may block; it is called in threads of its own. ``elapsed`` are seconds that never go
    back, ``patience`` how many of them a caller waits for an answer.
    """

    def __init__(
        self, *, elapsed: Callable[[], float], patience: float, most: int = 10_000
    ) -> None:
        self._elapsed = elapsed
        self._patience = patience
        self._most = most
        self._lock = Lock()
        self._known: OrderedDict[K, tuple[V, float]] = OrderedDict()
        self._asked: dict[K, Future[V]] = {}
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="keystone")

    def close(self) -> None:
        """End the threads; questions that wait are dropped."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def get(self, key: K, ask: Callable[[], Kept[V]]) -> V:
        """The kept answer, or a new one. Raises what ``ask`` raises, which is not kept, and
        IdentityUnavailable."""
        with self._lock:
            value, until = self._known.get(key, (None, 0.0))
            if value is not None and until > self._elapsed():
                self._known.move_to_end(key)
                return value
            call = self._asked.get(key) or self._call(key, ask)
        try:
            # One who goes away does not end the call that others wait for.
            return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(call)), self._patience)
        except TimeoutError as e:
            raise IdentityUnavailable from e

    def _call(self, key: K, ask: Callable[[], Kept[V]]) -> Future[V]:
        if len(self._asked) >= _WAITING:
            raise IdentityUnavailable
        self._asked[key] = call = self._threads.submit(self._answer, key, ask)
        return call

    def _answer(self, key: K, ask: Callable[[], Kept[V]]) -> V:
        # An answer is as old as its question.
        asked = self._elapsed()
        try:
            kept = ask()
        except BaseException:
            with self._lock:
                del self._asked[key]
            raise
        with self._lock:
            del self._asked[key]
            self._known[key] = (kept.value, asked + kept.seconds)
            self._known.move_to_end(key)
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        return kept.value
