"""The requests on one server and what came of each: the instance actions of Nova's clients.

They are read from history. A server has one open operation at a time, so what came of an action is
between it and the next.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

import msgspec
from msgspec.structs import replace

REQUESTS = (
    *("server.adopted", "server.build-requested", "server.scale-requested"),
    *("server.resize-confirmed", "server.power-requested", "server.delete-requested"),
)
_STEPS = ("server.migrated", "server.scale-retried")
_DONE = ("server.built", "server.power-changed", "server.scale-confirmed", "server.deleted")
_FAILED = {
    "server.build-failed": "the server could not be built",
    "server.delete-failed": "the server could not be deleted",
    "server.power-failed": "the server's power could not be changed",
    "server.scale-failed": "the server could not be scaled",
    "server.scale-partly-applied": "the server has another size than asked for",
    "server.operation-cancelled": "cancelled",
    "server.outcome-unknown": "the outcome is unknown",
}
KINDS = (*REQUESTS, *_STEPS, *_DONE, *_FAILED)

# The latest requests below a position, ``limit`` of them, with all that followed each.
LIST: LiteralString = """
WITH asked AS (
    SELECT position FROM history
    WHERE server = %(server)s
      AND (kind = ANY(%(requests)s)
           OR kind = 'server.deleted' AND body ->> 'operation' IS NULL)
      AND (%(position)s::bigint IS NULL OR position < %(position)s)
    ORDER BY position DESC LIMIT %(limit)s
)
SELECT position, at, by, because, kind, project, body FROM history
WHERE server = %(server)s AND kind = ANY(%(kinds)s)
  AND position >= (SELECT min(position) FROM asked)
  AND (%(position)s::bigint IS NULL OR position < %(position)s)
ORDER BY position
"""

# That which begins at a position, with what followed it up to the next one.
ONE: LiteralString = """
SELECT position, at, by, because, kind, project, body FROM history
WHERE server = %(server)s AND kind = ANY(%(kinds)s) AND position >= %(position)s
  AND position < coalesce(
      (SELECT min(position) FROM history
       WHERE server = %(server)s AND position > %(position)s
         AND (kind = ANY(%(requests)s)
              OR kind = 'server.deleted' AND body ->> 'operation' IS NULL)),
      9223372036854775807
  )
ORDER BY position
"""

FIND: LiteralString = """
SELECT position FROM history
WHERE server = %(server)s AND because = %(because)s
  AND (kind = ANY(%(requests)s) OR kind = 'server.deleted' AND body ->> 'operation' IS NULL)
ORDER BY position LIMIT 1
"""


class ActionOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """One row of history, as far as actions need it."""

    position: int
    at: datetime
    by: str
    because: UUID
    kind: str
    project: str
    body: dict[str, Any]


class ActionStep(msgspec.Struct, frozen=True, kw_only=True):
    """One step of an action, on ``host``. Times in UTC. ``result`` None: it is not finished."""

    name: str
    start: datetime
    host: str
    finish: datetime | None = None
    result: str | None = None
    details: str | None = None


class InstanceAction(msgspec.Struct, frozen=True, kw_only=True):
    """A request and its steps in order. ``because``: the request's id. ``message``: what went
    wrong."""

    position: int
    name: str
    because: UUID
    by: str
    project: str
    start: datetime
    updated: datetime
    message: str | None
    steps: tuple[ActionStep, ...]


def actions(rows: Iterable[ActionOutcome]) -> list[InstanceAction]:
    """The actions in these rows (in the order of the log), the latest first."""
    made: list[InstanceAction] = []
    for row in rows:
        if row.kind in REQUESTS or _unasked(row):
            made.append(_begun(row))
        elif made and _about(row):
            made[-1] = _followed(made[-1], row)
    return made[::-1]


def _unasked(row: ActionOutcome) -> bool:
    """Whether a failed build was discarded, with nothing to do on a host."""
    return row.kind == "server.deleted" and row.body.get("operation") is None


def _about(row: ActionOutcome) -> bool:
    """Whether the row belongs to an action; a change of power that nobody here asked for does
    not."""
    return row.body.get("operation") is not None


def _begun(row: ActionOutcome) -> InstanceAction:
    name, first = _named(row)
    at_once = row.kind in {"server.adopted", "server.resize-confirmed", "server.deleted"}
    step = ActionStep(name=first, start=row.at, host=row.body.get("host") or "")
    return InstanceAction(
        position=row.position,
        name=name,
        because=row.because,
        by=row.by,
        project=row.project,
        start=row.at,
        updated=row.at,
        message=None,
        steps=(replace(step, finish=row.at, result="Success") if at_once else step,),
    )


def _named(row: ActionOutcome) -> tuple[str, str]:
    """The action and its first step, in Nova's words as far as Nova has any."""
    match row.kind:
        case "server.adopted" | "server.build-requested":
            return "create", "compute__do_build_and_run_instance"
        case "server.resize-confirmed":
            return "confirmResize", "compute_confirm_resize"
        case "server.power-requested":
            name = "start" if row.body["power"] == "running" else "stop"
            return name, f"compute_{name}_instance"
        case "server.scale-requested":
            return _scaled(row.body)
        case _:
            return "delete", "compute_terminate_instance"


def _scaled(body: dict[str, Any]) -> tuple[str, str]:
    if body.get("reverts"):
        return "revertResize", "compute_revert_resize"
    if body.get("resize"):
        return "resize", "compute_resize_instance"
    return "scale", "compute_live_migration" if body.get("to_host") else "compute_scale_instance"


def _followed(action: InstanceAction, row: ActionOutcome) -> InstanceAction:
    *before, now = action.steps
    why = row.body.get("reason") or _FAILED.get(row.kind)
    match row.kind:
        case "server.migrated":
            next_ = ActionStep(name="compute_scale_instance", start=row.at, host=row.body["host"])
            steps = (*before, _ended(now, row), next_)
        case "server.scale-retried":
            next_ = ActionStep(name="compute_live_migration", start=row.at, host=row.body["host"])
            steps = (*before, _ended(now, row, why), next_)
        case kind if kind in _FAILED:
            return replace(
                action, updated=row.at, message=why, steps=(*before, _ended(now, row, why))
            )
        case _:
            steps = (*before, _ended(now, row))
    return replace(action, updated=row.at, steps=steps)


def _ended(step: ActionStep, row: ActionOutcome, why: str | None = None) -> ActionStep:
    return replace(step, finish=row.at, result="Error" if why else "Success", details=why)
