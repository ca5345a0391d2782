"""One line for every request that is not audited: who asked for what, and how it went."""

from __future__ import annotations

import logging
from typing import Any

import structlog

from adapters.http.gateway.forwarding import READS
from adapters.http.gateway.request_ids import request_id
from adapters.tokens import Actor

_log = structlog.get_logger("ullage.access")

_REFUSED = 400
"""The first status of a refusal."""


def log_access(scope: Any, status: int, seconds: float) -> None:
    """At level info, except for reads that were answered, among them probes: those are told at
    debug, for a line takes a fifth of the time of a read (measured). Neither query, header nor
    body is told."""
    read = scope["method"] in READS and status < _REFUSED
    level = logging.DEBUG if read else logging.INFO
    if not _log.is_enabled_for(level):
        return
    _log.log(level, "request", **about(scope), status=status, ms=milliseconds(seconds))


def milliseconds(seconds: float) -> float:
    """As they are told in a line: to the microsecond."""
    return round(seconds * 1000, 3)


def about(scope: Any) -> dict[str, Any]:
    """What every line of a request says: its id, who asked and what for. ``route`` is a template;
    the path itself where no route was found here."""
    actor: Actor | None = scope["state"].get("actor")
    return {
        "request_id": request_id(scope),
        "actor": actor.name if actor else None,
        "role": actor.role if actor else None,
        "project": actor.home if actor else None,
        "method": scope["method"],
        "route": scope.get("path_template") or scope["path"],
    }
