"""Every asked-for change of a server, from its request to its end."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal, LiteralString
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.events import Fact
from domain.server import (
    OutcomeUnknown,
    ReadBackRequested,
    ScaleConfirmed,
    ScaleFailed,
    ScalePartlyApplied,
    ScaleRequested,
)
from domain.size import GuestView, Size
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
  AND (%(before)s::bigint IS NULL OR asked_at < %(before)s)
ORDER BY asked_at DESC LIMIT %(limit)s
"""

State = Literal["open", "succeeded", "partly", "failed", "unknown"]
OPEN: frozenset[State] = frozenset({"open", "unknown"})

# Ended operations that stay in memory; older ones are read from the table.
_RECENT = 10_000

_json = msgspec.json.Encoder().encode


class OperationRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """``asked_at`` is the position of the request; ``size`` and ``guest`` were read back."""

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

    @property
    def has_ended(self) -> bool:
        return self.state != "open"


class Operations:
    """The read model in memory: all that are open, and those that ended lately."""

    def __init__(self, servers: Servers) -> None:
        self._servers = servers
        self._open: dict[UUID, OperationRow] = {}
        self._ended: OrderedDict[UUID, OperationRow] = OrderedDict()
        self._changed: dict[UUID, OperationRow] = {}

    def get(self, id: UUID) -> OperationRow | None:
        return self._open.get(id) or self._ended.get(id)

    @property
    def open(self) -> int:
        return len(self._open)

    def apply(self, fact: Fact[Any]) -> OperationRow | None:
        """Returns the operation that the fact changed, if it is about one."""
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
        self._open = {row.id: row for row in rows}

    def take_changed(self) -> list[OperationRow]:
        """The rows to be saved; they count as saved from now on."""
        changed, self._changed = self._changed, {}
        return list(changed.values())

    def take_ended(self) -> list[OperationRow]:
        """Of the rows to be saved those that will not change soon again; they count as saved."""
        ended = [row for row in self._changed.values() if row.state not in OPEN]
        for row in ended:
            del self._changed[row.id]
        return ended

    def _after(self, fact: Fact[Any]) -> OperationRow | None:
        event = fact.event
        if isinstance(event, ScaleRequested):
            return self._asked(fact, event)
        operation = getattr(event, "operation", None)
        before = self.get(operation) if isinstance(operation, UUID) else None
        return _moved(before, fact) if before else None

    def _asked(self, fact: Fact[Any], event: ScaleRequested) -> OperationRow | None:
        if (server := self._servers.get(server_of(fact))) is None:
            return None
        return OperationRow(
            id=event.operation,
            server=server.id,
            project=server.state.project,
            host=event.host,
            was=event.was,
            to=event.to,
            state="open",
            by=fact.by,
            asked_at=fact.position,
            requested=fact.at,
            deadline=event.deadline,
            position=fact.position,
        )


def _moved(row: OperationRow, fact: Fact[Any]) -> OperationRow | None:
    ended: dict[str, Any] = {"position": fact.position, "ended": fact.at}
    match fact.event:
        case ScaleConfirmed(size=size, guest=guest):
            return replace(row, state="succeeded", size=size, guest=guest, reason=None, **ended)
        case ScalePartlyApplied(size=size, guest=guest, reason=reason):
            return replace(row, state="partly", size=size, guest=guest, reason=reason, **ended)
        case ScaleFailed(size=size, reason=reason):
            return replace(row, state="failed", size=size, reason=reason, **ended)
        case OutcomeUnknown(reason=reason):
            return replace(row, state="unknown", reason=reason, **ended)
        case ReadBackRequested(deadline=deadline):
            return replace(row, state="open", deadline=deadline, position=fact.position, ended=None)
        case _:
            return None


def columns(rows: list[OperationRow]) -> Columns:
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
