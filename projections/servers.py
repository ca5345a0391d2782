"""Every server as it is now: what it has, what it may have, and its open operation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, LiteralString, cast
from uuid import UUID

import msgspec

from domain.server import BuildRequested, Built, Server, ServerAdopted, ServerEvent
from domain.shared.events import Fact
from domain.shared.resources import Amounts, minus, plus
from projections.table import Columns

NAME = "servers"

SAVE: LiteralString = """
INSERT INTO servers (
    id, project, host, version, state, position, created, updated, launched, terminated
)
SELECT id, project, host, version, state::jsonb, position, created, updated, launched, terminated
FROM unnest(
    %(id)b::uuid[], %(project)b::text[], %(host)b::text[], %(version)b::bigint[],
    %(state)b::text[], %(position)b::bigint[], %(created)b::timestamptz[],
    %(updated)b::timestamptz[], %(launched)b::timestamptz[], %(terminated)b::timestamptz[]
) AS new (id, project, host, version, state, position, created, updated, launched, terminated)
ON CONFLICT (id) DO UPDATE
SET project = excluded.project, host = excluded.host, version = excluded.version,
    state = excluded.state, position = excluded.position, created = excluded.created,
    updated = excluded.updated, launched = excluded.launched, terminated = excluded.terminated
WHERE servers.position <= excluded.position
"""

LOAD: LiteralString = """
SELECT id, version, position, state, created, updated, launched, terminated FROM servers
"""
CLEAR: LiteralString = "DELETE FROM servers"

LIST: LiteralString = """
SELECT id, version, position, state, created, updated, launched, terminated FROM servers
WHERE (%(project)s::text IS NULL OR project = %(project)s)
  AND (%(host)s::text IS NULL OR host = %(host)s)
  AND (%(name)s::text IS NULL OR state ->> 'name' = %(name)s)
  AND (%(least)s::uuid IS NULL OR id BETWEEN %(least)s AND %(most)s)
  AND (%(after)s::uuid IS NULL OR id > %(after)s)
  AND (%(deleted)s OR state ->> 'power' <> 'gone')
ORDER BY id LIMIT %(limit)s
"""

_PREFIX = f"{Server.category}:"
_json = msgspec.json.Encoder().encode


class ServerRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One server. ``version`` counts its facts; ``position`` is that of the last. Times in UTC.

    ``created``: when it was adopted or asked for; ``launched``: when it first ran; ``terminated``:
    when it was deleted.
    """

    id: UUID
    version: int
    position: int
    state: Server
    created: datetime
    updated: datetime
    launched: datetime | None = None
    terminated: datetime | None = None


class Servers:
    """The read model in memory: each server as the fold of its facts, and what is reserved."""

    categories = frozenset({Server.category})

    def __init__(self) -> None:
        self._rows: dict[UUID, ServerRow] = {}
        self._changed: dict[UUID, ServerRow] = {}
        self._of_project: dict[str, dict[UUID, ServerRow]] = {}
        self._reserved: dict[tuple[str, str | None], Amounts] = {}

    def get(self, id: UUID) -> ServerRow | None:
        """The server, deleted or not; None: it was never known."""
        return self._rows.get(id)

    def __len__(self) -> int:
        return len(self._rows)

    def all(self) -> list[ServerRow]:
        """All servers, deleted ones too."""
        return list(self._rows.values())

    def of_project(self, project: str) -> list[ServerRow]:
        """The servers of a project in the order in which they came."""
        return list(self._of_project.get(project, {}).values())

    def reserved(self, project: str, user: str | None = None) -> Amounts:
        """What is held for open changes of a project's servers, or of one user's in it."""
        return self._reserved.get((project, user), {})

    def drifted(self) -> list[ServerRow]:
        """The servers that differ from what is recorded, by id."""
        return sorted((r for r in self.all() if r.state.drift), key=lambda row: row.id)

    def apply(self, fact: Fact[Any]) -> None:
        """Fold one fact in; facts of other things are passed over."""
        if not fact.stream.startswith(_PREFIX):
            return
        server = server_of(fact)
        before = self._rows.get(server)
        row = _after(before, server, fact)
        self._rows[server] = self._changed[server] = row
        self._enter(before, row)

    def load(self, rows: Iterable[ServerRow]) -> None:
        """Begin with the rows of the table."""
        for row in sorted(rows, key=lambda row: row.created):
            self._rows[row.id] = row
            self._enter(None, row)

    def _enter(self, before: ServerRow | None, row: ServerRow) -> None:
        project = row.state.project
        self._of_project.setdefault(project, {})[row.id] = row
        was, now = before.state.reserved() if before else {}, row.state.reserved()
        if was != now:
            self._reserve(project, None, was, now)
            if row.state.user:
                self._reserve(project, row.state.user, was, now)

    def _reserve(self, project: str, user: str | None, was: Amounts, now: Amounts) -> None:
        before = self._reserved.get((project, user), {})
        self._reserved[project, user] = plus(minus(before, was) if was else before, now)

    def take_changed(self) -> list[ServerRow]:
        """The rows to be saved; they count as saved from now on."""
        changed, self._changed = self._changed, {}
        return list(changed.values())


_BEGINNINGS, _LAUNCHES = (
    frozenset({ServerAdopted, BuildRequested}),
    frozenset({ServerAdopted, Built}),
)


def _after(before: ServerRow | None, id: UUID, fact: Fact[Any]) -> ServerRow:
    event, at = fact.event, fact.at
    anew = before is None or type(event) in _BEGINNINGS
    state = before.state.after(cast("Any", event)) if before else _begin(event)
    runs = type(event) in _LAUNCHES
    return ServerRow(
        id=id,
        version=fact.version,
        position=fact.position,
        state=state,
        created=at if before is None or anew else before.created,
        updated=at,
        launched=at if runs else before.launched if before and not anew else None,
        terminated=at if state.power == "gone" else None,
    )


def columns(rows: list[ServerRow]) -> Columns:
    """The rows as columns of the table."""
    return {
        "id": [row.id for row in rows],
        "project": [row.state.project for row in rows],
        "host": [row.state.host for row in rows],
        "version": [row.version for row in rows],
        "state": [_json(row.state).decode() for row in rows],
        "position": [row.position for row in rows],
        "created": [row.created for row in rows],
        "updated": [row.updated for row in rows],
        "launched": [row.launched for row in rows],
        "terminated": [row.terminated for row in rows],
    }


def server_of(fact: Fact[Any]) -> UUID:
    """The id of the server whose stream the fact is in."""
    return UUID(fact.stream.partition(":")[2])


def _begin(event: ServerEvent) -> Server:
    return Server.begin(cast("ServerAdopted", event))
