"""Every server as it stands: what it has, what it may have, what is being done to it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, LiteralString, cast
from uuid import UUID

import msgspec

from domain.events import Fact
from domain.server import Server, ServerAdopted, ServerEvent
from projections.table import Columns

NAME = "servers"

SAVE: LiteralString = """
INSERT INTO servers (id, project, host, version, state, position)
SELECT id, project, host, version, state::jsonb, position
FROM unnest(
    %(id)b::uuid[], %(project)b::text[], %(host)b::text[], %(version)b::bigint[],
    %(state)b::text[], %(position)b::bigint[]
) AS new (id, project, host, version, state, position)
ON CONFLICT (id) DO UPDATE
SET project = excluded.project, host = excluded.host, version = excluded.version,
    state = excluded.state, position = excluded.position
WHERE servers.position <= excluded.position
"""

LOAD: LiteralString = "SELECT id, version, position, state FROM servers"
CLEAR: LiteralString = "DELETE FROM servers"

LIST: LiteralString = """
SELECT id, version, position, state FROM servers
WHERE (%(project)s::text IS NULL OR project = %(project)s)
  AND (%(host)s::text IS NULL OR host = %(host)s)
  AND (%(after)s::uuid IS NULL OR id > %(after)s)
  AND state ->> 'power' <> 'gone'
ORDER BY id LIMIT %(limit)s
"""

_PREFIX = f"{Server.category}:"
_json = msgspec.json.Encoder().encode


class ServerRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """``version`` counts the server's facts; ``position`` is that of the last."""

    id: UUID
    version: int
    position: int
    state: Server


class Servers:
    """The read model in memory: the fold of each server's facts."""

    categories = frozenset({Server.category})

    def __init__(self) -> None:
        self._rows: dict[UUID, ServerRow] = {}
        self._changed: dict[UUID, ServerRow] = {}

    def get(self, id: UUID) -> ServerRow | None:
        return self._rows.get(id)

    def __len__(self) -> int:
        return len(self._rows)

    def all(self) -> list[ServerRow]:
        return list(self._rows.values())

    def drifted(self) -> list[ServerRow]:
        """Those that differ from the books, by id."""
        return sorted((r for r in self.all() if r.state.drift), key=lambda row: row.id)

    def apply(self, fact: Fact[Any]) -> None:
        if not fact.stream.startswith(_PREFIX):
            return
        server = server_of(fact)
        before = self._rows.get(server)
        state = before.state.after(cast("Any", fact.event)) if before else _begin(fact.event)
        row = ServerRow(id=server, version=fact.version, position=fact.position, state=state)
        self._rows[server] = self._changed[server] = row

    def load(self, rows: Iterable[ServerRow]) -> None:
        self._rows = {row.id: row for row in rows}

    def take_changed(self) -> list[ServerRow]:
        """The rows to be saved; they count as saved from now on."""
        changed, self._changed = self._changed, {}
        return list(changed.values())


def columns(rows: list[ServerRow]) -> Columns:
    return {
        "id": [row.id for row in rows],
        "project": [row.state.project for row in rows],
        "host": [row.state.host for row in rows],
        "version": [row.version for row in rows],
        "state": [_json(row.state).decode() for row in rows],
        "position": [row.position for row in rows],
    }


def server_of(fact: Fact[Any]) -> UUID:
    return UUID(fact.stream.partition(":")[2])


def _begin(event: ServerEvent) -> Server:
    return Server.begin(cast("ServerAdopted", event))
