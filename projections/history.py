"""Every fact for people to search: who, when, what, from, to, why."""

from __future__ import annotations

from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

import msgspec

NAME = "history"

# Set by set inside PostgreSQL: no fact passes through this process. A server's project is the one
# it was adopted into, which never changes: it is taken from the servers' table, saved before.
# What else there is belongs to a project only if its facts say so. Of the templates of images,
# which are for operators, history tells the SHA-256.
SAVE: LiteralString = """
INSERT INTO history (position, at, by, because, kind, stream, version, project, server, body)
SELECT f.position, f.at, f.by, f.because, f.kind, f.stream, f.version,
       coalesce(servers.project, CASE WHEN f.kind LIKE 'quota.%%' THEN substr(f.stream, 7) END,
                f.body::jsonb ->> 'project', ''),
       coalesce(servers.id, (f.body::jsonb ->> 'server')::uuid),
       CASE WHEN f.kind IN ('image.created', 'image.changed', 'server.build-requested')
            THEN jsonb_set_lax(
                f.body::jsonb, '{template}',
                to_jsonb(encode(sha256(convert_to(f.body::jsonb ->> 'template', 'UTF8')), 'hex')),
                false
            )
            ELSE f.body::jsonb
       END
FROM facts AS f
LEFT JOIN servers
    ON servers.id = CASE WHEN f.kind LIKE 'server.%%' THEN substr(f.stream, 8)::uuid END
WHERE f.position > %(after)s AND f.position <= %(upto)s
ON CONFLICT (position) DO NOTHING
"""

CLEAR: LiteralString = "DELETE FROM history"

LIST: LiteralString = """
SELECT position, at, by, because, kind, stream, version, project, server, body,
       (SELECT state ->> 'name' FROM servers WHERE servers.id = history.server) AS server_name
FROM history
WHERE (%(project)s::text IS NULL OR project = %(project)s)
  AND (%(server)s::uuid IS NULL OR server = %(server)s)
  AND (%(actor)s::text IS NULL OR by = %(actor)s)
  AND (%(kind)s::text IS NULL OR kind = %(kind)s)
  AND (%(since)s::timestamptz IS NULL OR at >= %(since)s)
  AND (%(until)s::timestamptz IS NULL OR at < %(until)s)
  AND (%(before)s::bigint IS NULL OR position < %(before)s)
ORDER BY position DESC LIMIT %(limit)s
"""


class HistoryRow(msgspec.Struct, frozen=True, kw_only=True):
    """``because`` is the command's id: rows that share it were one decision.

    ``body`` is the fact as recorded; what it changed from and to, and why, is lifted out of it.
    """

    position: int
    at: datetime
    by: str
    because: UUID
    kind: str
    stream: str
    version: int
    project: str
    server: UUID | None
    body: dict[str, Any]
    server_name: str | None = None


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One row as it is shown: when, who, what, of which, from what, to what, why. A server's name
    is the one that it has now, or had last."""

    position: int
    at: datetime
    by: str
    kind: str
    project: str
    server: UUID | None
    server_name: str | None
    was: Any
    to: Any
    why: str | None
    because: UUID
    body: dict[str, Any]


def entry(row: HistoryRow) -> Entry:
    """The row as it is shown, with what changed taken out of the fact."""
    body = row.body
    return Entry(
        position=row.position,
        at=row.at,
        by=row.by,
        kind=row.kind,
        project=row.project,
        server=row.server,
        server_name=row.server_name,
        was=body.get("was"),
        to=_to(body),
        why=body.get("reason") or None,
        because=row.because,
        body={name: value for name, value in body.items() if name != "kind"},
    )


# Every kind of fact carries its result under one of these names; what was the word for a power,
# for a host or for a zone, is one still.
_WORDS = ("power", "host", "zone")
_RESULTS = (
    "size",
    "to",
    "ceiling",
    "limits",
    "used",
    "below",
    "terms",
    "scalable",
    "autoscaling",
    "parent",
    "group",
)


def _to(body: dict[str, Any]) -> Any:
    """What it changed to."""
    for name in _WORDS if isinstance(body.get("was"), str) else _RESULTS:
        if name in body:
            return body[name]
    return None
