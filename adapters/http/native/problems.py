"""Everything that goes wrong, as problem documents (RFC 9457)."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from litestar.exceptions import HTTPException

from adapters.http.dialect import ErrorResponse
from adapters.http.gateway.as_of import BeforeBeginning, NotYet
from adapters.http.gateway.authentication import TokenInvalid
from adapters.http.gateway.body import BodyInvalid
from adapters.http.gateway.parts.lookups import ReadTooLong
from adapters.http.gateway.rates.limits import RateExceeded
from adapters.http.gateway.rates.places import TooManyAtOnce
from adapters.http.gateway.statuses import STATUS, STATUS_OF_KIND
from adapters.keystone.errors import TooManyNewTokens
from commands.engine import request
from domain.shared import errors
from domain.shared.refusal import Refusal

# What people read where the exception itself carries no text.
_DETAIL: dict[type[Exception], str] = {
    request.KeyReused: "This Idempotency-Key was used before for another request.",
    request.Overloaded: "Too many requests are waiting. Nothing was done; try again.",
    request.NotLeader: "No process leads the region at this moment. Nothing was done; try again.",
    request.Unavailable: (
        "The log cannot be reached. Repeat the request with the same Idempotency-Key; "
        "if it was done, it gets the answer that it had."
    ),
}

_RETRY_AFTER = {429: "1", 503: "1"}
_WITH_NUMBERS = (
    errors.Refused,
    BodyInvalid,
    NotYet,
    BeforeBeginning,
    RateExceeded,
    TooManyAtOnce,
    TooManyNewTokens,
    request.TenantOverloaded,
    ReadTooLong,
)
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")


def problem(exception: Exception) -> ErrorResponse:
    """The document for any exception; an unexpected one is a 500 that tells nothing."""
    status = _status(exception)
    known = type(exception) in STATUS
    document: dict[str, Any] = {
        "type": type_of(exception),
        "title": _slug(exception).replace("-", " ").capitalize(),
        "status": status,
        "detail": _detail(exception),
        **(_facts(exception) if known else {}),
    }
    headers = _headers(exception, status)
    return ErrorResponse(status, msgspec.json.encode(document), headers)


def type_of(exception: Exception) -> str:
    """The stable name of a problem."""
    return f"urn:ullage:problem:{_slug(exception)}"


def document(refusal: Refusal) -> dict[str, Any]:
    """The document of a recorded refusal, even of a kind that no longer exists."""
    return {
        "type": f"urn:ullage:problem:{refusal.kind}",
        "title": refusal.kind.replace("-", " ").capitalize(),
        "status": STATUS_OF_KIND.get(refusal.kind, 409),
        "detail": refusal.detail,
        **refusal.numbers,
    }


def _status(exception: Exception) -> int:
    if isinstance(exception, HTTPException):
        return exception.status_code
    return STATUS.get(type(exception), 500)


def _headers(exception: Exception, status: int) -> dict[str, str]:
    headers = {"content-type": "application/problem+json"}
    if status in _RETRY_AFTER:
        headers["retry-after"] = str(getattr(exception, "retry_after", _RETRY_AFTER[status]))
    if status == 401:  # noqa: PLR2004 (unauthorized)
        wrong = ', error="invalid_token"' if isinstance(exception, TokenInvalid) else ""  # RFC 6750
        headers["www-authenticate"] = f'Bearer realm="ullage"{wrong}'
    return headers


def _slug(exception: Exception) -> str:
    if type(exception) in STATUS:
        return _WORDS.sub("-", type(exception).__name__.removeprefix("Driver")).lower()
    status = _status(exception)
    names = {404: "not-found", 405: "method-not-allowed", 413: "body-too-large"}
    return names.get(status, "internal" if status >= 500 else "request-invalid")  # noqa: PLR2004


def _detail(exception: Exception) -> str:
    if isinstance(exception, HTTPException):
        return exception.detail
    if type(exception) not in STATUS:
        return "An unexpected error occurred. It was logged."
    return _DETAIL.get(type(exception)) or str(exception)


def _facts(exception: Exception) -> dict[str, Any]:
    """The numbers of a refusal: asked, limit, used, what would fit."""
    if not isinstance(exception, _WITH_NUMBERS):
        return {}
    facts = {name: value for name, value in vars(exception).items() if value is not None}
    return {n: document(v) if isinstance(v, Refusal) else v for n, v in facts.items()}
