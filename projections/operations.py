"""Every requested change of a server, from its request to its end."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal, LiteralString
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.schedules.schedule import Schedule
from domain.schedules.schedule_events import ScheduleRan
from domain.server import (
    BuildFailed,
    BuildRequested,
    Built,
    Consent,
    Deleted,
    DeleteFailed,
    DeleteRequested,
    Migrated,
    Mode,
    OperationCancelled,
    OperationKind,
    OutcomeUnknown,
    PowerChanged,
    PowerFailed,
    PowerRequested,
    ReadBackRequested,
    ScaleConfirmed,
    ScaleFailed,
    ScalePartlyApplied,
    ScaleRequested,
    ScaleRetried,
    Server,
)
from domain.shared.events import Fact
from domain.shared.size import GuestView, Size
from projections.servers import Servers, server_of
from projections.table import Columns

NAME = "operations"

SAVE: LiteralString = """
INSERT INTO operations (id, asked_at, server, project, state, deadline, operation, position)
SELECT id, asked_at, server, project, state, deadline, operation::jsonb, position
FROM unnest(
    %(id)b::uuid[], %(asked_at)b::bigint[], %(server)b::uuid[], %(project)b::text[],
    %(state)b::text[], %(deadline)b::timestamptz[], %(operation)b::text[], %(position)b::bigint[]
) AS new (id, asked_at, server, project, state, deadline, operation, position)
ON CONFLICT (id) DO UPDATE
SET state = excluded.state, deadline = excluded.deadline, operation = excluded.operation,
    position = excluded.position
WHERE operations.position <= excluded.position
"""

LOAD_OPEN: LiteralString = """
SELECT operation FROM operations WHERE state IN ('open', 'unknown') ORDER BY asked_at
"""
GET: LiteralString = "SELECT operation FROM operations WHERE id = %(id)s"
CLEAR: LiteralString = "DELETE FROM operations"

LIST: LiteralString = """
SELECT operation FROM operations
WHERE (%(project)s::text IS NULL OR project = %(project)s)
  AND (%(server)s::uuid IS NULL OR server = %(server)s)
  AND (%(state)s::text IS NULL OR state = %(state)s)
  AND (%(least)s::uuid IS NULL OR id BETWEEN %(least)s AND %(most)s)
  AND (%(before)s::bigint IS NULL OR asked_at < %(before)s)
ORDER BY asked_at DESC LIMIT %(limit)s
"""

State = Literal["open", "succeeded", "partly", "failed", "cancelled", "unknown"]
OPEN: frozenset[State] = frozenset({"open", "unknown"})

# Ended operations that stay in memory; older ones are read from the table.
_RECENT = 10_000

_json = msgspec.json.Encoder().encode


class OperationRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One operation. ``size`` and ``guest`` were read back; times in UTC.

    ``asked_at``: the position of the request. ``host``: where the server was then; ``to_host``:
    where it migrates, or has. ``why``: the caller's reason; ``reason``: why it ended as it did.
    """

    id: UUID
    server: UUID
    project: str
    host: str
    was: Size
    to: Size
    state: State
    by: str
    asked_at: int
    requested: datetime
    deadline: datetime
    position: int
    ended: datetime | None = None
    size: Size | None = None
    guest: GuestView | None = None
    reason: str | None = None
    kind: OperationKind = "scale"
    mode: Mode = "live"
    consent: Consent = "live"
    to_host: str | None = None
    why: str = ""
    seen_by_guest: bool | None = None

    @property
    def has_ended(self) -> bool:
        """Whether it is no longer open; one of unknown outcome has ended, for now."""
        return self.state != "open"


class Operations:
    """The read model in memory: all operations that are open, and those that ended lately."""

    categories = frozenset({Server.category, Schedule.category})

    def __init__(self, servers: Servers) -> None:
        self._servers = servers
        self._open: dict[UUID, OperationRow] = {}
        self._ended: OrderedDict[UUID, OperationRow] = OrderedDict()
        self._changed: dict[UUID, OperationRow] = {}

    def get(self, id: UUID) -> OperationRow | None:
        """The operation, unless it ended so long ago that only the table has it."""
        return self._open.get(id) or self._ended.get(id)

    @property
    def open(self) -> int:
        """How many operations are open or of unknown outcome."""
        return len(self._open)

    def apply(self, fact: Fact[Any]) -> OperationRow | None:
        """Fold one fact in; returns the operation that it changed, if any."""
        row = self._after(fact)
        if row is None:
            return None
        self._changed[row.id] = row
        if row.state in OPEN:
            self._open[row.id] = row
        else:
            self._open.pop(row.id, None)
            self._ended[row.id] = row
            if len(self._ended) > _RECENT:
                self._ended.popitem(last=False)
        return row

    def load(self, rows: Iterable[OperationRow]) -> None:
        """Begin with the open operations of the table."""
        self._open = {row.id: row for row in rows}

    def take_changed(self) -> list[OperationRow]:
        """The rows to be saved; they count as saved from now on."""
        changed, self._changed = self._changed, {}
        return list(changed.values())

    def take_ended(self) -> list[OperationRow]:
        """The rows to be saved that will not change soon again; they count as saved from now on."""
        ended = [row for row in self._changed.values() if row.state not in OPEN]
        for row in ended:
            del self._changed[row.id]
        return ended

    def _after(self, fact: Fact[Any]) -> OperationRow | None:
        event = fact.event
        if isinstance(event, _Request):
            return self._asked(fact, event)
        operation = getattr(event, "operation", None)
        before = self.get(operation) if isinstance(operation, UUID) else None
        return _moved(before, fact) if before else None

    def _asked(self, fact: Fact[Any], event: _Request) -> OperationRow | None:
        if (server := self._servers.get(server_of(fact))) is None:
            return None
        state = server.state
        return OperationRow(
            id=event.operation,
            server=server.id,
            project=state.project,
            host=event.host,
            was=event.was if isinstance(event, ScaleRequested) else state.size,
            to=event.to if isinstance(event, ScaleRequested) else state.size,
            state="open",
            by=fact.by,
            asked_at=fact.position,
            requested=fact.at,
            deadline=event.deadline,
            position=fact.position,
            kind=_kind(event),
            mode=event.mode if isinstance(event, ScaleRequested) else "live",
            consent=event.consent if isinstance(event, ScaleRequested) else "live",
            to_host=event.to_host if isinstance(event, ScaleRequested) else None,
            why=event.reason,
        )


_Request = ScaleRequested | BuildRequested | DeleteRequested | PowerRequested


def _kind(event: _Request) -> OperationKind:
    match event:
        case ScaleRequested():
            return "scale"
        case BuildRequested():
            return "build"
        case DeleteRequested():
            return "delete"
        case PowerRequested(power=power):
            return "start" if power == "running" else "stop"


def _moved(row: OperationRow, fact: Fact[Any]) -> OperationRow | None:
    match fact.event:
        case ReadBackRequested(deadline=deadline):
            return replace(row, state="open", deadline=deadline, position=fact.position, ended=None)
        case ScaleRetried(to_host=to_host):
            return replace(row, mode="migrate", to_host=to_host, position=fact.position)
        case ScheduleRan(asked_by=who):
            return replace(row, by=who, position=fact.position)
        case Migrated(host=host):
            return replace(row, to_host=host, position=fact.position)
        case _:
            found = _end(fact.event)
            return replace(row, position=fact.position, ended=fact.at, **found) if found else None


def _end(event: Any) -> dict[str, Any]:  # noqa: PLR0911 (one line a kind of fact)
    """What an ending fact says about its operation."""
    match event:
        case ScaleConfirmed():
            return {
                "state": "succeeded",
                "size": event.size,
                "guest": event.guest,
                "seen_by_guest": event.seen_by_guest,
                "reason": None,
            }
        case Built() | PowerChanged():
            return {"state": "succeeded", "size": event.size, "guest": event.guest, "reason": None}
        case Deleted():
            return {"state": "succeeded", "reason": None}
        case ScalePartlyApplied(size=size, guest=guest, reason=reason):
            return {"state": "partly", "size": size, "guest": guest, "reason": reason}
        case ScaleFailed(size=size, reason=reason):
            return {"state": "failed", "size": size, "reason": reason}
        case BuildFailed(reason=reason) | DeleteFailed(reason=reason) | PowerFailed(reason=reason):
            return {"state": "failed", "reason": reason}
        case OperationCancelled(reason=reason):
            return {"state": "cancelled", "reason": reason or None}
        case OutcomeUnknown(reason=reason):
            return {"state": "unknown", "reason": reason}
        case _:
            return {}


def columns(rows: list[OperationRow]) -> Columns:
    """The rows as columns of the table."""
    return {
        "id": [row.id for row in rows],
        "asked_at": [row.asked_at for row in rows],
        "server": [row.server for row in rows],
        "project": [row.project for row in rows],
        "state": [row.state for row in rows],
        "deadline": [row.deadline for row in rows],
        "operation": [_json(row).decode() for row in rows],
        "position": [row.position for row in rows],
    }
