"""What the tables of the read models say of a host, for whoever compares it with the host itself.

They may lag behind the log: each row carries its version, and what was compared with an old one is
told apart by that.
"""

from __future__ import annotations

from typing import LiteralString

import msgspec

# While something is being done to a server its hypervisor and the books differ, as they should;
# but not for ever after, if nobody knows what came of it.
SERVERS_OF_HOST: LiteralString = """
SELECT id, version, position, state::text, created, updated FROM servers
WHERE host = %(host)s AND state ->> 'power' NOT IN ('gone', 'building')
  AND (state ->> 'operation' IS NULL OR state #>> '{operation,undecided}' = 'true')
"""

SERVERS_BY_ID: LiteralString = """
SELECT id, version, position, state::text, created, updated FROM servers
WHERE id = ANY(%(ids)s) AND state ->> 'power' NOT IN ('gone', 'building')
"""

HOST: LiteralString = "SELECT state::text FROM catalogue WHERE category = 'host' AND id = %(host)s"

# Whether the tables have come as far as the log was just now.
PROGRESS: LiteralString = """
SELECT coalesce((SELECT max(position) FROM facts), 0) AS head,
       coalesce((SELECT position FROM projections WHERE name = %(name)s), 0) AS saved
"""


class OperationProgress(msgspec.Struct, frozen=True, kw_only=True):
    """The position of the log's last fact, and of the last that the tables know."""

    head: int
    saved: int
