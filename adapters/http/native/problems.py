"""Everything that goes wrong, as problem documents (RFC 9457). Status codes live here alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
from litestar.exceptions import HTTPException, ValidationException

from adapters.http.gateway.as_of import NotYet
from adapters.http.gateway.body import BodyInvalid, BodyTooLarge
from adapters.http.gateway.policy import NotPermitted, Unauthenticated
from adapters.http.gateway.waiting import NotThereYet
from adapters.hypervisors import driver
from adapters.hypervisors.registry import HostUnknown
from adapters.keystone.errors import IdentityUnavailable, NoRole, NotScoped
from adapters.readside.rebuild import RebuildRunning
from adapters.texts import in_words
from commands.engine import request
from commands.scaling.scale_servers import OneRefused
from domain.catalogue import flavor, image, region_policy
from domain.hosts import server_group
from domain.quota import limiting, tree
from domain.scaling import recommendation
from domain.schedules import appointment, schedule, window
from domain.server import pinning, unconfirmed
from domain.shared import errors
from domain.shared.refusal import Refusal, kind_of

STATUS: dict[type[Exception], int] = {
    errors.NotFound: 404,
    errors.AlreadyAdopted: 409,
    errors.ScaleInProgress: 409,
    errors.OutcomeUndecided: 409,
    errors.NothingToResolve: 409,
    errors.NothingToCancel: 409,
    errors.NothingToChange: 409,
    errors.NothingDrifted: 409,
    errors.DriftOpen: 409,
    unconfirmed.ResizeUnconfirmed: 409,
    unconfirmed.NotResized: 409,
    pinning.PinnedElsewhere: 409,
    pinning.NotInZone: 409,
    errors.PowerForbids: 409,
    errors.NotScalable: 409,
    errors.AboveCeiling: 422,
    errors.NeedsRestart: 409,
    errors.NeedsMigration: 409,
    errors.NoValidHost: 409,
    errors.StalePlan: 412,
    errors.Misaligned: 422,
    errors.NoMemorySlot: 409,
    errors.QuotaExceeded: 403,
    errors.QuotaBelowUsage: 409,
    errors.LimitInvalid: 400,
    errors.ResourceUnknown: 400,
    errors.StaleVersion: 412,
    limiting.AboveProject: 400,
    limiting.NotShared: 400,
    tree.BelowItself: 409,
    server_group.RulesUnsupported: 400,
    server_group.PolicyViolated: 409,
    server_group.InAnotherGroup: 409,
    flavor.FlavorExists: 409,
    flavor.FlavorAccessExists: 409,
    flavor.FlavorAccessMissing: 404,
    flavor.ExtraSpecInvalid: 400,
    image.ImageExists: 409,
    image.PropertyInvalid: 400,
    image.MemoryTooSmall: 409,
    region_policy.RetriesInvalid: 400,
    window.TimezoneUnknown: 400,
    window.WindowInvalid: 400,
    appointment.TimeInvalid: 400,
    schedule.ScheduleOver: 409,
    schedule.ScheduleMissed: 409,
    recommendation.NotAutoscaled: 409,
    recommendation.AutoscalingInvalid: 400,
    OneRefused: 409,
    request.KeyReused: 422,
    request.Overloaded: 503,
    request.NotLeader: 503,
    request.Unavailable: 503,
    driver.DriverRefused: 409,
    driver.DriverNeedsRestart: 409,
    driver.NoCapacity: 409,
    driver.Gone: 404,
    driver.NotAllowed: 502,
    driver.Unreachable: 503,
    driver.Busy: 503,
    driver.DriverOutcomeUnknown: 504,
    HostUnknown: 422,
    BodyInvalid: 400,
    BodyTooLarge: 413,
    NotPermitted: 403,
    Unauthenticated: 401,
    NotScoped: 401,
    NoRole: 403,
    IdentityUnavailable: 503,
    NotThereYet: 503,
    NotYet: 400,
    RebuildRunning: 409,
}

_STATUS_OF_KIND = {kind_of(kind): status for kind, status in STATUS.items()}

# What people read where the exception itself carries no text.
_DETAIL: dict[type[Exception], str] = {
    request.KeyReused: "This Idempotency-Key was used before for another request.",
    request.Overloaded: "Too many commands wait. Nothing was done; ask again.",
    request.NotLeader: "No process leads the region at this moment. Nothing was done; ask again.",
    request.Unavailable: (
        "The log cannot be reached. Ask again, with the same Idempotency-Key: "
        "if it was done, the answer is the one it had."
    ),
}

_RETRY_AFTER = {503: "1"}
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")


class Problem(NamedTuple):
    """A problem document, ready to be sent."""

    status: int
    type: str
    body: bytes
    headers: dict[str, str]


def problem(exception: Exception) -> Problem:
    """The document for any exception; what nobody foresaw is a 500 that tells nothing."""
    status = _status(exception)
    known = type(exception) in STATUS
    slug = _slug(exception) if known else _slug_of_status(status)
    type_ = f"urn:ullage:problem:{slug}"
    document: dict[str, Any] = {
        "type": type_,
        "title": slug.replace("-", " ").capitalize(),
        "status": status,
        "detail": _detail(exception),
        **(_facts(exception) if known else {}),
    }
    headers = {"content-type": "application/problem+json"}
    if status in _RETRY_AFTER:
        headers["retry-after"] = _RETRY_AFTER[status]
    if status == 401:  # noqa: PLR2004 (unauthorized)
        headers["www-authenticate"] = 'Bearer realm="ullage"'
    return Problem(status, type_, msgspec.json.encode(document), headers)


def document(refusal: Refusal) -> dict[str, Any]:
    """That of a refusal which nobody was told at the time; of a kind that is no more, too."""
    return {
        "type": f"urn:ullage:problem:{refusal.kind}",
        "title": refusal.kind.replace("-", " ").capitalize(),
        "status": _STATUS_OF_KIND.get(refusal.kind, 409),
        "detail": refusal.detail,
        **refusal.numbers,
    }


def _status(exception: Exception) -> int:
    if isinstance(exception, HTTPException):
        return exception.status_code
    return STATUS.get(type(exception), 500)


def _slug(exception: Exception) -> str:
    return _WORDS.sub("-", type(exception).__name__).lower()


def _slug_of_status(status: int) -> str:
    names = {404: "not-found", 405: "method-not-allowed", 413: "body-too-large"}
    return names.get(status, "internal" if status >= 500 else "request-invalid")  # noqa: PLR2004


def _detail(exception: Exception) -> str:
    if isinstance(exception, ValidationException) and isinstance(exception.extra, list):
        return "; ".join(map(_said_of, exception.extra)) + "."
    if isinstance(exception, HTTPException):
        return exception.detail
    if type(exception) not in STATUS:
        return "Something went wrong that nobody foresaw. It was logged."
    return _DETAIL.get(type(exception)) or str(exception)


def _said_of(wrong: Mapping[str, str]) -> str:
    """One parameter of a path or a query, as Litestar has refused it."""
    said = in_words(wrong["message"])
    return f"{wrong['key']}: {said}" if "key" in wrong else said


def _facts(exception: Exception) -> dict[str, Any]:
    """The numbers of a refusal: asked, limit, used, what would fit."""
    if not isinstance(exception, errors.Refused | BodyInvalid | NotYet):
        return {}
    facts = {name: value for name, value in vars(exception).items() if value is not None}
    return {n: document(v) if isinstance(v, Refusal) else v for n, v in facts.items()}
