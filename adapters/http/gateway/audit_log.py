"""A line for every write, and for everything that was forbidden: who did what to which thing."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

import structlog

from adapters.http.gateway.access_log import about, milliseconds
from adapters.http.gateway.forwarding import READS, was_forwarded

_log = structlog.get_logger("ullage.audit")

_FORBIDDEN = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
_POSITION = b"ullage-position"


def is_audited(scope: Any, status: int) -> bool:
    """Whether its line is one of the audit: by the process that did it or refused it. What another
    has answered, that one has logged."""
    if scope["method"] in READS and status not in _FORBIDDEN:
        return False
    return not was_forwarded(scope)


def log_audit(
    scope: Any, status: int, headers: Iterable[tuple[bytes, bytes]], seconds: float
) -> None:
    """At level info. ``headers``: of the answer. It says all that a line of the access log does,
    so that one is enough."""
    if not _log.is_enabled_for(logging.INFO):
        return
    refused = status >= HTTPStatus.BAD_REQUEST
    _log.info(
        "refused" if refused else "done",
        **about(scope),
        action=_action(scope),
        on=scope.get("path_params") or {},
        status=status,
        refused=refused,
        position=_position(headers),
        ms=milliseconds(seconds),
    )


def _action(scope: Any) -> str | None:
    """What policy.cedar calls the route; None where no route was found."""
    handler = scope.get("route_handler")
    return str(handler.name) if handler else None


def _position(headers: Iterable[tuple[bytes, bytes]]) -> int | None:
    """Of the last fact that was written; None where nothing was."""
    found = next((value for name, value in headers if name.lower() == _POSITION), None)
    return int(found) if found else None
