"""Long work of one request, done in pieces: in between, all other requests have their turn.

However many requests do long work, one piece of one of them is done in each pass of the event
loop: what others wait is as long as a piece, not as a piece of each.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from itertools import islice
from time import perf_counter
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

T = TypeVar("T")
V = TypeVar("V")

_PIECE = 0.002
"""Seconds for which a request may have the event loop for itself, and what it does next."""
_SORTED_AT_ONCE = 500
"""Things, sorted in well below the length of a piece."""

_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()


async def each(work: Callable[[T], V], things: Iterable[T]) -> list[V]:
    """What ``work`` makes of each thing, in their order. Things may not change meanwhile."""
    done: list[V] = []
    rest = iter(things)
    over = _piece(work, rest, done)
    while not over:
        async with _turn():
            over = _piece(work, rest, done)
    return done


async def kept(fits: Callable[[T], bool], things: Iterable[T]) -> list[T]:
    """The things that fit, in their order. Things may not change meanwhile."""
    some = list(things)
    fit = await each(fits, some)
    return [thing for thing, it_does in zip(some, fit, strict=True) if it_does]


async def ordered(
    things: Iterable[T], key: Callable[[T], Any], *, descending: bool = False
) -> list[T]:
    """As `sorted` puts them: those of the same key stay in their order."""
    rest = iter(things)
    runs = iter(lambda: list(islice(rest, _SORTED_AT_ONCE)), [])
    by_run = await each(lambda run: sorted(run, key=key, reverse=descending), runs)
    if len(by_run) == 1:
        return by_run[0]
    return await each(lambda thing: thing, heapq.merge(*by_run, key=key, reverse=descending))


def _piece(work: Callable[[T], V], rest: Iterator[T], done: list[V]) -> bool:
    """Whether nothing is left."""
    until = perf_counter() + _PIECE
    for thing in rest:
        done.append(work(thing))
        if perf_counter() > until:
            return False
    return True


@asynccontextmanager
async def _turn() -> AsyncIterator[None]:
    """First come, first served; whoever has had a turn is behind all who wait."""
    async with _turns.setdefault(asyncio.get_running_loop(), asyncio.Lock()):
        yield
        await asyncio.sleep(0)
