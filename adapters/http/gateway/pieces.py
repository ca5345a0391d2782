"""Long work of one request, done in pieces: in between, all other requests have their turn."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from time import perf_counter
from typing import TypeVar

T = TypeVar("T")
V = TypeVar("V")

_PIECE = 0.002
"""Seconds for which a request may have the event loop for itself, and what it does next."""


async def each(work: Callable[[T], V], things: Iterable[T]) -> list[V]:
    """What ``work`` makes of each thing, in their order. Things may not change meanwhile."""
    done: list[V] = []
    began = perf_counter()
    for thing in things:
        done.append(work(thing))
        if perf_counter() - began > _PIECE:
            await asyncio.sleep(0)
            began = perf_counter()
    return done


async def kept(fits: Callable[[T], bool], things: Iterable[T]) -> list[T]:
    """The things that fit, in their order. Things may not change meanwhile."""
    some = list(things)
    fit = await each(fits, some)
    return [thing for thing, it_does in zip(some, fit, strict=True) if it_does]
