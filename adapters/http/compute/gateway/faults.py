"""Everything that goes wrong at the Compute door, in Nova's envelope."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec
from litestar.exceptions import HTTPException

from adapters.http.compute.gateway.microversions import VersionMalformed, VersionNotSupported
from adapters.http.compute.gateway.over_quota import over_quota_text
from adapters.http.dialect import ErrorResponse
from adapters.http.gateway.authentication import Unauthenticated
from adapters.http.gateway.body import BodyInvalid, BodyTooLarge
from adapters.http.gateway.policy import NotPermitted
from adapters.http.gateway.rates.limits import RateExceeded
from adapters.http.gateway.rates.places import TooManyAtOnce
from adapters.http.gateway.statuses import STATUS
from adapters.keystone.errors import TooManyNewTokens
from commands.engine import request
from domain.catalogue import flavor
from domain.quota import limiting
from domain.shared import errors

NAMES = {
    400: "badRequest",
    401: "unauthorized",
    403: "forbidden",
    404: "itemNotFound",
    405: "badMethod",
    409: "conflictingRequest",
    413: "overLimit",
    415: "badMediaType",
    429: "overLimit",
    501: "notImplemented",
    503: "serviceUnavailable",
}
"""As nova.api.openstack.wsgi.Fault; all others are a computeFault."""

OTHER = "computeFault"
UNSERVED = "The resource could not be found."
MISMATCH = (
    "Malformed request URL: URL's project_id '{named}' doesn't match Context's project_id '{own}'"
)
_FORBIDDEN = "Policy doesn't allow {rule} to be performed."
_RETRY_AFTER = {429: "1", 503: "1"}


class Fault(Exception):
    """A refusal of this door's own, with its code and words."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


def forbidden(rule: str) -> Fault:
    return Fault(403, _FORBIDDEN.format(rule=rule))


class FaultRow(NamedTuple):
    """``text``: a format over the exception's attributes; None: its own words."""

    code: int
    text: str | None = None


TABLE: dict[type[Exception], FaultRow] = {
    VersionMalformed: FaultRow(400),
    VersionNotSupported: FaultRow(406),
    BodyInvalid: FaultRow(400),
    BodyTooLarge: FaultRow(413, "Request is too large."),
    NotPermitted: FaultRow(403, _FORBIDDEN),
    request.KeyReused: FaultRow(400, "This Idempotency-Key was used before for another request."),
    request.Overloaded: FaultRow(
        503, "Too many requests are waiting. Nothing was done; try again."
    ),
    request.TenantOverloaded: FaultRow(429),
    RateExceeded: FaultRow(429),
    TooManyAtOnce: FaultRow(429),
    TooManyNewTokens: FaultRow(429),
    request.NotLeader: FaultRow(503, "No process leads the region at this moment. Ask again."),
    request.Unavailable: FaultRow(503, "The log cannot be reached. Ask again, with the same key."),
    errors.QuotaExceeded: FaultRow(403),
    errors.StaleVersion: FaultRow(409),
    limiting.AboveProject: FaultRow(
        400, "Quota limit {limit} for {resource} must be less than or equal to {most}."
    ),
    flavor.FlavorExists: FaultRow(409, "Flavor with ID {flavor} already exists."),
    flavor.FlavorAccessExists: FaultRow(
        409,
        "Flavor access already exists for flavor {flavor} and project {project} combination.",
    ),
    flavor.FlavorAccessMissing: FaultRow(
        404, "Flavor access not found for {flavor} / {project} combination."
    ),
    flavor.ExtraSpecInvalid: FaultRow(400),
}
"""What is not here has the code that it has elsewhere, as far as Nova knows that code."""

_NEAREST = {408: 400, 412: 409, 422: 400, 502: 503, 504: 503}

# Nova's words for what is not there.
_NOT_FOUND = {
    "server": "Instance {id} could not be found.",
    "server-group": "Instance group {id} could not be found.",
    "host": "Compute host {id} not found.",
}
_NOT_FOUND_ELSE = "{What} {id} could not be found."

_PLAIN = {
    404: UNSERVED,
    405: "The method is not allowed for this resource.",
    413: "Request is too large.",
    500: "Unexpected API Error. It was logged.",
}


def fault(exception: Exception, *, rule: str = "", over_quota: int = 403) -> ErrorResponse:
    """The answer to any exception. ``rule`` is what the policy calls the route, ``over_quota``
    the code that says a quota is exceeded."""
    if isinstance(exception, Unauthenticated):
        return _unauthenticated()
    code = over_quota if isinstance(exception, errors.QuotaExceeded) else _code(exception)
    name = NAMES.get(code, OTHER)
    headers = {"content-type": "application/json"}
    if isinstance(exception, HTTPException) and "Allow" in (exception.headers or {}):
        headers["allow"] = (exception.headers or {})["Allow"]
    said: dict[str, Any] = {"code": code, "message": _message(exception, code, rule)}
    if code in _RETRY_AFTER:
        headers["retry-after"] = said["retryAfter"] = str(
            getattr(exception, "retry_after", _RETRY_AFTER[code])
        )
    body = {name: said}
    return ErrorResponse(code, msgspec.json.encode(body), headers)


def _code(exception: Exception) -> int:
    if isinstance(exception, Fault):
        return exception.code
    if isinstance(exception, HTTPException):
        return exception.status_code
    return code_of(type(exception))


def code_of(kind: type[Exception]) -> int:
    """That of a refusal; 500 for what nobody foresaw."""
    if row := TABLE.get(kind):
        return row.code
    code = STATUS.get(kind, 500)
    return _NEAREST.get(code, code)


def _message(exception: Exception, code: int, rule: str) -> str:
    if isinstance(exception, HTTPException):
        return _PLAIN.get(code) or exception.detail
    if isinstance(exception, errors.NotFound):
        return _not_found(exception)
    if isinstance(exception, errors.QuotaExceeded):
        return over_quota_text(exception)
    row = TABLE.get(type(exception))
    if row and row.text:
        facts: dict[str, Any] = {"rule": rule, **vars(exception)}
        return row.text.format(**facts)
    known = row or isinstance(exception, Fault) or type(exception) in STATUS
    return str(exception) if known else _PLAIN[500]


def _not_found(missing: errors.NotFound) -> str:
    text = _NOT_FOUND.get(missing.what, _NOT_FOUND_ELSE)
    return text.format(What=missing.what.capitalize(), id=missing.id)


def _unauthenticated() -> ErrorResponse:
    """As keystonemiddleware answers."""
    message = "The request you have made requires authentication."
    body = {"error": {"code": 401, "title": "Unauthorized", "message": message}}
    headers = {"content-type": "application/json", "www-authenticate": 'Keystone realm="ullage"'}
    return ErrorResponse(401, msgspec.json.encode(body), headers)
