"""The outermost layer: who calls, how large a body, how long it took, which process is to act."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter
from typing import Any

import structlog
from litestar.types import ASGIApp, HTTPResponseStartEvent, Message, Receive, Scope, Send

from adapters.http.dialect import Dialect
from adapters.http.gateway.access_log import log_access
from adapters.http.gateway.audit_log import is_audited, log_audit
from adapters.http.gateway.authentication import Unauthenticated
from adapters.http.gateway.body import BodyInvalid, BodyTooLarge
from adapters.http.gateway.forwarding import READS, Forwarding
from adapters.http.gateway.parts.parts import Parts
from adapters.http.gateway.rates.limits import RateExceeded, RateLimits
from adapters.http.gateway.rates.places import TooManyAtOnce
from adapters.http.gateway.receiving import BodyTooSlow, RequestInvalid, in_time, must_be_fit
from adapters.http.gateway.request_ids import give_id
from adapters.http.gateway.responding import respond
from adapters.keystone.errors import IdentityUnavailable, NoRole, NotScoped, TooManyNewTokens
from adapters.live_tokens import TokensOutdated
from adapters.random_ids import RandomIds
from commands.engine.request import NotLeader, Unavailable

_log = structlog.get_logger("ullage.http")

_REFUSALS = (
    Unauthenticated,
    TokensOutdated,
    NotScoped,
    NoRole,
    IdentityUnavailable,
    BodyTooLarge,
    BodyInvalid,
    BodyTooSlow,
    RequestInvalid,
    RateExceeded,
    TooManyAtOnce,
    TooManyNewTokens,
    NotLeader,
    Unavailable,
)
_NOT_ANSWERED: HTTPResponseStartEvent = {
    "type": "http.response.start",
    "status": 500,
    "headers": [],
}


class Gateway:
    """An ASGI application around Litestar's: what it refuses never reaches a handler."""

    def __init__(
        self,
        inner: ASGIApp,
        *,
        parts: Parts,
        dialects: Sequence[Dialect],
        limits: RateLimits,
        forwarding: Forwarding,
    ) -> None:
        self._inner = inner
        self._parts = parts
        self._dialects = longest_first(dialects)
        self._callers = parts.callers
        self._limits = limits
        self._forwarding = forwarding
        self._metrics = parts.metrics
        self._new_id = RandomIds()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if str(scope["type"]) != "http":
            await self._live(receive, send)
            return
        began, started = perf_counter(), _NOT_ANSWERED

        async def noted(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = message
            await send(message)

        try:
            await self._enter(scope, receive, noted)
        finally:
            self._account(scope, started, perf_counter() - began)

    def _account(self, scope: Any, started: Any, seconds: float) -> None:
        """Count and log it, whatever came of it."""
        status = started["status"]
        self._metrics.answered(scope, status, seconds)
        if is_audited(scope, status):
            log_audit(scope, status, started["headers"], seconds)
        else:
            log_access(scope, status, seconds)

    async def _enter(self, scope: Any, receive: Receive, send: Send) -> None:
        dialect = spoken(self._dialects, scope["path"])
        state = scope.setdefault("state", {})
        state["dialect"], state["parts"] = dialect, self._parts
        give_id(scope, self._new_id())
        send = dialect.enter(scope, send)
        try:
            must_be_fit(scope)
            is_open = scope["path"] in dialect.open_paths
            state["actor"] = None if is_open else await self._callers.caller(scope)
            limited = await self._limits.enter(scope, state["actor"], send)
            await self._pass_on(scope, receive, limited)
        except _REFUSALS as e:
            await respond(send, dialect.refused(scope, e))
        except Exception as e:  # noqa: BLE001 (whatever it is, it is answered as a problem)
            _log.exception("unforeseen at the gateway", path=scope["path"])
            await respond(send, dialect.refused(scope, e))
        finally:
            self._limits.leave(scope)

    async def _live(self, receive: Any, send: Any) -> None:
        """What the server says at its start and its end, the only other thing that it says."""
        while (await receive())["type"] != "lifespan.shutdown":
            await send({"type": "lifespan.startup.complete"})
        await self._forwarding.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _pass_on(self, scope: Any, receive: Receive, send: Send) -> None:
        if scope["method"] in READS:
            await self._inner(scope, receive, send)
        elif self._forwarding.needed:
            await self._forwarding.forward(scope, in_time(receive), send)
        else:
            await self._inner(scope, in_time(receive), send)


def longest_first(dialects: Sequence[Dialect]) -> list[Dialect]:
    """So that the first whose prefix a path has is the one that was meant."""
    return sorted(dialects, key=lambda one: len(one.prefix), reverse=True)


def spoken(dialects: Sequence[Dialect], path: str) -> Dialect:
    """The dialect in which a path is asked. Raises LookupError where none has the empty prefix."""
    for one in dialects:
        if not one.prefix or f"{path}/".startswith(f"{one.prefix}/"):
            return one
    raise LookupError(f"no dialect for {path}")
