"""What the tables of the read models say of a host, for whoever compares it with the host itself.

They may lag behind the log: each row carries its version, and what was compared with an old one is
told apart by that.
"""

from __future__ import annotations

from typing import LiteralString

# On what is being done to a server its hypervisor and the books differ, as they should.
SERVERS_OF_HOST: LiteralString = """
SELECT id, version, position, state::text FROM servers
WHERE host = %(host)s
  AND state ->> 'power' NOT IN ('gone', 'building') AND state ->> 'operation' IS NULL
"""

SERVERS_BY_ID: LiteralString = """
SELECT id, version, position, state::text FROM servers
WHERE id = ANY(%(ids)s) AND state ->> 'power' NOT IN ('gone', 'building')
"""

HOST: LiteralString = "SELECT state::text FROM catalogue WHERE category = 'host' AND id = %(host)s"
