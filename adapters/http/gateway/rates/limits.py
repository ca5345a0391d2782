"""The limits of what tenants ask for in a time: drawn from before anything of a request is read."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from time import thread_time
from typing import Any

import msgspec
from litestar.handlers import HTTPRouteHandler
from litestar.types import Message, Send
from pyrate_limiter import Rate

from adapters.buckets import Buckets, Drawn, rate
from adapters.http.gateway.authentication import header
from adapters.http.gateway.body import LARGEST
from adapters.http.gateway.rates.classes import ROUTE_CLASSES, RouteClass, RouteClasses
from adapters.http.gateway.rates.places import Places
from adapters.texts import seconds
from adapters.tokens import ROLES, Actor

_REMEMBERED = 20_000
"""Buckets in memory, about 300 bytes each."""
_A_TOKEN = 1024
"""A write costs one token, and one more for each of so many bytes of its body."""
_UNKNOWN_LENGTH = LARGEST // _A_TOKEN
_REST = 3.0
"""For each second of the loop that a heavy read has taken, so many pass until its place is free."""
_LONGEST_REST = 5.0
_GOLDEN = 0.618034
_PAUSING = 1_000
"""How many refusals are kept back at a time; the others are told at once."""


class RateExceeded(Exception):
    """A tenant has asked for more than its rate allows. Nothing was done; ask again.
    ``per_second``: its rate; ``retry_after``: seconds."""

    def __init__(self, requests: RouteClass, per_second: float, retry_after: int) -> None:
        super().__init__()
        self.requests = requests.replace("_", " ")
        self.per_second = per_second
        self.retry_after = retry_after

    def __str__(self) -> str:
        return (
            f"This project may ask for {self.per_second:g} {self.requests} a second, and has asked "
            f"for more. Nothing was done; try again in {seconds(self.retry_after)}."
        )


class Rates(msgspec.Struct, frozen=True, kw_only=True):
    """``limits``: requests a second, by class or by ``role.class``; 0: no limit. ``burst_seconds``:
    how many seconds' worth may be asked for at once. ``heavy_at_once``: how many heavy reads of a
    tenant are answered at a time; ``heavy_waiting``: how many more may wait. 0 at once: no limit.
    ``pause_seconds``: how long a refusal is kept back, for who asks again at once would cost the
    others more by asking than by being served.
    """

    limits: Mapping[str, float]
    burst_seconds: float = 2.0
    heavy_at_once: int = 2
    heavy_waiting: int = 100
    pause_seconds: float = 1.0


class RateLimits:
    """One for a serving process. Relays, and what needs no token, are not limited."""

    def __init__(self, rates: Rates, routes: Iterable[HTTPRouteHandler]) -> None:
        self._classes = RouteClasses(routes)
        self._rates = {
            (role, one): _rate(rates, role, one) for role in ROLES for one in ROUTE_CLASSES
        }
        self._buckets = Buckets(_REMEMBERED)
        self._places = Places(rates.heavy_at_once, rates.heavy_waiting)
        self._has_places = rates.heavy_at_once > 0
        self._pause_seconds = rates.pause_seconds
        self._pausing = 0
        self._spread = 0.0

    async def enter(self, scope: Any, actor: Actor | None, send: Send) -> Send:
        """Draw from the tenant's bucket, and wait for a place where the request needs one; returns
        what the answer is sent by. `leave` must follow. Raises RateExceeded, TooManyAtOnce."""
        if actor is None or (tenant := actor.tenant) is None:
            return send
        one = self._classes.of(scope)
        if limit := self._rates[actor.role, one]:
            drawn = self._buckets.draw((tenant, actor.role, one), limit, _tokens(scope, one))
            if drawn.retry_after:
                await self._pause()
                raise RateExceeded(one, _per_second(limit), drawn.retry_after)
            send = _telling(send, one, limit, drawn)
        if one == "heavy_reads" and self._has_places:
            await self._places.take(tenant)
            scope["state"]["place"] = tenant, thread_time()
        return send

    def leave(self, scope: Any) -> None:
        """Give back what a request holds, if anything; the place after a rest, so that heavy reads
        of one tenant leave most of the loop's time to the others."""
        if held := scope["state"].pop("place", None):
            tenant, began = held
            self._places.give_back(tenant, min(_REST * (thread_time() - began), _LONGEST_REST))

    async def _pause(self) -> None:
        if self._pausing >= _PAUSING:
            return
        self._pausing += 1
        # Those who were refused together must not come again together.
        self._spread = (self._spread + _GOLDEN) % 1
        try:
            await asyncio.sleep(self._pause_seconds * (0.5 + self._spread))
        finally:
            self._pausing -= 1


def _rate(rates: Rates, role: str, one: RouteClass) -> Rate | None:
    per_second = rates.limits.get(f"{role}.{one}", rates.limits.get(one, 0))
    return rate(per_second, rates.burst_seconds) if per_second > 0 else None


def _per_second(limit: Rate) -> float:
    return round(limit.limit * 1000 / limit.interval, 3)


def _tokens(scope: Any, one: RouteClass) -> int:
    if one != "writes":
        return 1
    length = header(scope, b"content-length")
    if not length.isdecimal():
        return _UNKNOWN_LENGTH if header(scope, b"transfer-encoding") else 1
    return 1 + int(length) // _A_TOKEN


def _telling(send: Send, one: RouteClass, limit: Rate, drawn: Drawn) -> Send:
    """The fields of draft-ietf-httpapi-ratelimit-headers-10: they tell what is left, and when all
    of it will be there again. No RFC has come of the draft yet, nor of the older X-RateLimit."""

    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            policy = f'"{one}";q={limit.limit};w={max(1, round(limit.interval / 1000))}'
            left = f'"{one}";r={drawn.left};t={drawn.full_in}'
            message["headers"] = [
                *message["headers"],
                (b"ratelimit-policy", policy.encode()),
                (b"ratelimit", left.encode()),
            ]
        await send(message)

    return told
