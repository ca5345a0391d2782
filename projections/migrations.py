"""Moves of servers and what came of each: live migrations for a scale, and resizes.

They are read from history: each begins with a fact of its own and ends with the next one about its
operation; a resize is then confirmed or reverted by a later one.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal, LiteralString
from uuid import UUID

import msgspec

MigrationType = Literal["live-migration", "resize"]

ENDS = (
    *("server.migrated", "server.scale-confirmed", "server.scale-partly-applied"),
    *("server.scale-failed", "server.scale-retried", "server.operation-cancelled"),
    "server.outcome-unknown",
)

LIST: LiteralString = """
SELECT m.position, (m.body ->> 'operation')::uuid, m.server, m.project, m.by,
       m.body ->> 'host', m.body ->> 'to_host',
       m.at, ended.kind, coalesce(resolved.at, ended.at, m.at), resolved.kind
FROM history AS m
LEFT JOIN LATERAL (
    SELECT e.kind, e.at FROM history AS e
    WHERE e.server = m.server AND e.position > m.position
      AND e.body ->> 'operation' = m.body ->> 'operation' AND e.kind = ANY(%(ends)s)
    ORDER BY e.position LIMIT 1
) AS ended ON true
LEFT JOIN LATERAL (
    SELECT s.kind, s.at FROM history AS s
    WHERE s.server = m.server AND s.position > m.position
      AND ended.kind = 'server.scale-confirmed'
      AND (s.kind = 'server.resize-confirmed'
           OR s.kind = 'server.scale-requested' AND s.body ->> 'reverts' = 'true')
    ORDER BY s.position LIMIT 1
) AS resolved ON m.body ->> 'to_host' IS NULL
WHERE m.kind IN ('server.scale-requested', 'server.scale-retried')
  AND (m.body ->> 'to_host' IS NOT NULL
       OR m.body ->> 'resize' IS NOT NULL AND m.body ->> 'reverts' IS DISTINCT FROM 'true')
  AND (%(server)s::uuid IS NULL OR m.server = %(server)s)
  AND (%(project)s::text IS NULL OR m.project = %(project)s)
  AND (%(user)s::text IS NULL OR m.by = %(user)s)
  AND (%(host)s::text IS NULL
       OR m.body ->> 'host' = %(host)s OR m.body ->> 'to_host' = %(host)s)
  AND (%(source)s::text IS NULL OR m.body ->> 'host' = %(source)s)
  AND (%(below)s::bigint IS NULL OR m.position < %(below)s)
ORDER BY m.position DESC LIMIT %(limit)s
"""

FIND: LiteralString = """
SELECT position FROM history
WHERE position = %(position)s AND kind IN ('server.scale-requested', 'server.scale-retried')
  AND starts_with(body ->> 'operation', %(operation)s)
"""

_STATUS_OF_END = {
    "server.migrated": "completed",
    "server.scale-confirmed": "finished",
    "server.operation-cancelled": "cancelled",
    "server.scale-retried": "failed",
}
_STATUS_OF_RESOLUTION = {
    "server.resize-confirmed": "confirmed",
    "server.scale-requested": "reverted",
}


_HEAD = 24
"""Of the 36 characters of a UUID all but the last group."""


def place_of(uuid: str) -> tuple[str, int]:
    """The beginning of the operation's id and the position that a migration's id is made of.

    Raises ValueError.
    """
    whole = str(UUID(uuid))
    return whole[:_HEAD], int(whole[_HEAD:], 16)


class Migration(msgspec.Struct, frozen=True, kw_only=True):
    """One move of a server from ``host`` to ``to_host``; None: a resize, where it is.

    ``ended`` and ``resolved``: the kinds of the facts that ended it, and confirmed or reverted it.
    """

    position: int
    operation: UUID
    server: UUID
    project: str
    by: str
    host: str
    to_host: str | None
    created: datetime
    ended: str | None
    updated: datetime
    resolved: str | None

    @property
    def uuid(self) -> str:
        """An id of its own for each attempt of an operation that is tried on several hosts."""
        return f"{str(self.operation)[:_HEAD]}{self.position:012x}"

    @property
    def type(self) -> MigrationType:
        """A live migration to another host, or a resize where the server is."""
        return "live-migration" if self.to_host else "resize"

    @property
    def status(self) -> str:
        """The status in Nova's words."""
        if self.resolved:
            return _STATUS_OF_RESOLUTION[self.resolved]
        if self.ended is None:
            return "running" if self.to_host else "migrating"
        return _STATUS_OF_END.get(self.ended, "error")
