"""Which things there were at some position; the log then says what each was."""

from __future__ import annotations

from typing import LiteralString

# A server is gone for good where nothing has happened to it since. One that came later has no fact
# of then.
SERVERS: LiteralString = """
SELECT id FROM servers
WHERE (%(project)s::text IS NULL OR project = %(project)s)
  AND (%(after)s::uuid IS NULL OR id > %(after)s)
  AND NOT (state ->> 'power' = 'gone' AND position <= %(position)s)
  AND EXISTS (
      SELECT FROM facts
      WHERE stream = 'server:' || id AND version = 1 AND position <= %(position)s
  )
ORDER BY id LIMIT %(limit)s
"""

# Those to which something may have been being done, or that may have waited for a resize to be
# confirmed. More of them do no harm.
BUSY: LiteralString = """
SELECT server FROM operations
WHERE project = %(project)s AND asked_at <= %(position)s
  AND (state IN ('open', 'unknown') OR position > %(position)s)
UNION
SELECT server FROM history
WHERE project = %(project)s AND position <= %(position)s
  AND kind = 'server.scale-requested' AND body ->> 'resize' IS NOT NULL
"""

GROUPS: LiteralString = """
SELECT created.stream FROM history AS created
LEFT JOIN history AS deleted
    ON deleted.kind = 'server-group.deleted' AND deleted.stream = created.stream
    AND deleted.position <= %(position)s
WHERE created.kind = 'server-group.created' AND created.position <= %(position)s
  AND (%(project)s::text IS NULL OR created.project = %(project)s)
  AND created.stream > 'server-group:' || %(after)s
  AND deleted.stream IS NULL
ORDER BY created.stream LIMIT %(limit)s
"""

IN_TREES: LiteralString = """
SELECT project FROM history
WHERE kind IN ('quota.parent-changed', 'quota.shared-changed') AND position <= %(position)s
UNION
SELECT body ->> 'parent' FROM history
WHERE kind = 'quota.parent-changed' AND position <= %(position)s AND body ->> 'parent' IS NOT NULL
"""
