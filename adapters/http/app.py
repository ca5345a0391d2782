"""The Litestar application: every dialect's routes, guards and words, and the gateway around it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import structlog
from litestar import Litestar, Request, Response
from litestar.exceptions import HTTPException

from adapters.http.dialect import Dialect
from adapters.http.gateway.authorization import before, must_be_before_all, must_be_guarded
from adapters.http.gateway.body import LARGEST
from adapters.http.gateway.forwarding import Forwarding
from adapters.http.gateway.gateway import Gateway
from adapters.http.gateway.openapi import described
from adapters.http.gateway.parts.parts import Parts
from adapters.http.gateway.rates.limits import RateLimits, Rates

_BEHIND = 1.0
"""Seconds that a follower waits for what the leader has just written for its caller."""

_log = structlog.get_logger("ullage.http")


def build(parts: Parts, dialects: Sequence[Dialect], rates: Rates) -> Gateway:
    """All dialects as one ASGI application. Raises LookupError for a route that names no rule of
    policy.cedar, or that goes past its rules, RulesInvalid for a rule that is none.
    """
    return Gateway(
        _routed(tuple(dialects)),
        parts=parts,
        dialects=dialects,
        limits=RateLimits(rates, [route for one in dialects for route in one.routes]),
        forwarding=_forwarding(parts),
    )


def _forwarding(parts: Parts) -> Forwarding:
    sequencer, readside = parts.sequencer, parts.reads.readside
    return Forwarding(
        leads=lambda: sequencer.role == "leading",
        leader=parts.leadership.address,
        seen=lambda position: readside.reaches(position, _BEHIND),
    )


@lru_cache(maxsize=4)
def _routed(dialects: tuple[Dialect, ...]) -> Litestar:
    """Litestar with every route, which knows of no process: equal dialects need it once. Raises
    LookupError, RulesInvalid."""
    must_be_guarded(dialects)
    routed = Litestar(
        [route for dialect in dialects for route in dialect.routes],
        before_request=before,
        exception_handlers={Exception: _refused, HTTPException: _refused},
        openapi_config=described(dialects),
        request_max_body_size=LARGEST,
        logging_config=None,
    )
    must_be_before_all(routed)
    return routed


def _refused(request: Request[Any, Any, Any], exception: Exception) -> Response[bytes]:
    dialect: Dialect = request.scope["state"]["dialect"]
    answer = dialect.refused(request.scope, exception)
    if answer.status == 500:  # noqa: PLR2004 (what nobody foresaw)
        _log.error("unforeseen", path=request.url.path, exc_info=exception)
    given = exception.headers if isinstance(exception, HTTPException) else None
    headers = {k: v for k, v in answer.headers.items() if k != "content-type"} | (given or {})
    return Response(
        answer.body,
        status_code=answer.status,
        headers=headers,
        media_type=answer.headers["content-type"],
    )
