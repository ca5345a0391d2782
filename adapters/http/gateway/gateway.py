"""The outermost layer: who calls, how large a body, how long it took, which process is to act."""

from __future__ import annotations

from time import perf_counter
from typing import Any

import structlog
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from adapters.http.compute.gateway.entering import Entrance, is_compute
from adapters.http.compute.gateway.faults import fault
from adapters.http.compute.gateway.routes import rule_of
from adapters.http.gateway.authentication import Authentication
from adapters.http.gateway.body import LARGEST, BodyInvalid, BodyTooLarge
from adapters.http.gateway.forwarding import Forwarding
from adapters.http.gateway.metrics import Metrics
from adapters.http.gateway.policy import OPEN, Unauthenticated
from adapters.http.gateway.responding import respond
from adapters.http.native.problems import Problem, problem
from adapters.keystone.errors import IdentityUnavailable, NoRole, NotScoped
from adapters.tokens import Actor
from commands.engine.request import NotLeader, Unavailable

_log = structlog.get_logger("ullage.http")

_DIGITS = 18
_REFUSALS = (
    Unauthenticated,
    NotScoped,
    NoRole,
    IdentityUnavailable,
    BodyTooLarge,
    BodyInvalid,
    NotLeader,
    Unavailable,
)
_READS = frozenset({"GET", "HEAD", "OPTIONS"})


class Gateway:
    """An ASGI application around Litestar's: what it refuses never reaches a handler."""

    def __init__(
        self, inner: ASGIApp, *, callers: Authentication, forwarding: Forwarding, metrics: Metrics
    ) -> None:
        self._inner = inner
        self._callers = callers
        self._forwarding = forwarding
        self._metrics = metrics
        self._compute = Entrance()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if str(scope["type"]) != "http":
            await self._inner(scope, receive, send)
            return
        began, status = perf_counter(), 500

        async def counted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._enter(scope, receive, counted)
        finally:
            self._metrics.answered(scope, status, perf_counter() - began)

    async def _enter(self, scope: Any, receive: Receive, send: Send) -> None:
        if is_compute(scope["path"]):
            send = self._compute(scope, send)
        try:
            _bounded(scope)
            scope.setdefault("state", {})["actor"] = await self._actor(scope)
            await self._pass_on(scope, receive, send)
        except _REFUSALS as e:
            await respond(send, refused(scope, e))
        except Exception as e:  # noqa: BLE001 (whatever it is, it is answered as a problem)
            _log.exception("unforeseen at the door", path=scope["path"])
            await respond(send, refused(scope, e))

    async def _pass_on(self, scope: Any, receive: Receive, send: Send) -> None:
        if scope["method"] not in _READS and self._forwarding.needed:
            await self._forwarding.forward(scope, receive, send)
        else:
            await self._inner(scope, receive, send)

    async def _actor(self, scope: Any) -> Actor | None:
        """Raises Unauthenticated, NotScoped, NoRole, IdentityUnavailable."""
        if scope["path"] in OPEN:
            return None
        token = _token(scope)
        actor = await self._callers.find(token) if token else None
        if actor is None:
            raise Unauthenticated
        return actor


def refused(scope: Any, exception: Exception, over_quota: int = 403) -> Problem:
    """A refusal in the words of the interface that was asked."""
    if is_compute(scope["path"]):
        return fault(exception, rule=rule_of(scope), over_quota=over_quota)
    return problem(exception)


def _token(scope: Any) -> str:
    """OpenStack's header first, for its clients send that one. Empty where there is none."""
    if token := _header(scope, b"x-auth-token").strip():
        return token
    scheme, _, token = _header(scope, b"authorization").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _bounded(scope: Any) -> None:
    """Raises BodyTooLarge before a byte of the body is read, where its length is told."""
    length = _header(scope, b"content-length")
    if length.isdecimal() and (len(length) > _DIGITS or int(length) > LARGEST):
        raise BodyTooLarge


def _header(scope: Any, name: bytes) -> str:
    for key, value in scope["headers"]:
        if key.lower() == name:
            return str(value.decode("latin-1"))
    return ""
