"""Answers kept for as long as they may be believed; each question is asked once at a time."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from threading import Lock
from typing import Generic, TypeVar

import msgspec

from adapters.keystone.errors import IdentityUnavailable
from adapters.keystone.lane import QuestionLane

K = TypeVar("K")
V = TypeVar("V")

_AHEAD = 0.75
"""What is known is asked for anew when so much of its time is over, while the old answer serves."""


class Kept(msgspec.Struct, Generic[V], frozen=True):
    """An answer, and for how many seconds it may be believed. ``known``: it is of something that
    Keystone knows, not of what anybody may have made up."""

    value: V
    seconds: float
    known: bool = True


class _Held(msgspec.Struct, Generic[V], frozen=True):
    value: V
    until: float
    anew: float


_Answers = OrderedDict[K, _Held[V]]


class ActorCache(Generic[K, V]):
    """Keeps up to ``most`` answers of what is known, and as many of what is not: nobody can push
    out the former with the latter. The longest unasked is forgotten first. Safe for threads.

    What was known is asked for in a lane of its own, so that it waits for nothing that anybody
    makes up. ``elapsed`` are seconds that never go back, ``patience`` how many of them a caller
    waits for an answer.
    """

    def __init__(
        self, *, elapsed: Callable[[], float], patience: float, most: int = 10_000
    ) -> None:
        self._elapsed = elapsed
        self._patience = patience
        self._most = most
        self._lock = Lock()
        self._known: _Answers[K, V] = OrderedDict()
        self._unknown: _Answers[K, V] = OrderedDict()
        self._asked: dict[K, Future[V]] = {}
        self._first = QuestionLane[V]("keystone-known", threads=6, bound=256)
        self._small = QuestionLane[V]("keystone-new", threads=2, bound=64)

    def close(self) -> None:
        """End the threads that ask."""
        self._first.close()
        self._small.close()

    def holds(self, key: K) -> bool:
        """Whether `get` has an answer at once, or asks about what was known once."""
        with self._lock:
            return key in self._known or key in self._asked or self._fresh(key) is not None

    async def get(self, key: K, ask: Callable[[], Kept[V]], *, address: str = "") -> V:
        """The kept answer, or a new one. ``address``: of who wants to know. Raises what ``ask``
        raises, which is not kept, and IdentityUnavailable."""
        with self._lock:
            if held := self._fresh(key):
                self._ask_ahead(key, held, ask, address)
                return held.value
            call = self._asked.get(key) or self._call(key, ask, address)
        try:
            # One who goes away does not end the call that others wait for.
            return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(call)), self._patience)
        except TimeoutError as e:
            raise IdentityUnavailable from e

    def _fresh(self, key: K) -> _Held[V] | None:
        for answers in (self._known, self._unknown):
            held = answers.get(key)
            if held and held.until > self._elapsed():
                answers.move_to_end(key)
                return held
        return None

    def _ask_ahead(self, key: K, held: _Held[V], ask: Callable[[], Kept[V]], address: str) -> None:
        if key in self._known and self._elapsed() >= held.anew and key not in self._asked:
            with suppress(IdentityUnavailable):
                self._call(key, ask, address)

    def _call(self, key: K, ask: Callable[[], Kept[V]], address: str) -> Future[V]:
        lane = self._first if key in self._known else self._small
        call = lane.submit(lambda: self._answer(key, ask), address=address)
        self._asked[key] = call
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
        held = _Held(kept.value, asked + kept.seconds, asked + _AHEAD * kept.seconds)
        with self._lock:
            del self._asked[key]
            self._known.pop(key, None)
            self._unknown.pop(key, None)
            answers = self._known if kept.known else self._unknown
            answers[key] = held
            if len(answers) > self._most:
                answers.popitem(last=False)
        return kept.value
