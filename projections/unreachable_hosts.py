"""Which hypervisor hosts do not answer, and since when: noted by relays, for operators."""

from __future__ import annotations

from datetime import datetime
from typing import LiteralString

import msgspec

# It is away since it was first noted, whatever is told of it later.
AWAY: LiteralString = """
INSERT INTO unreachable_hosts (host, last_error) VALUES (%(host)s, %(why)s)
ON CONFLICT (host) DO UPDATE SET last_error = excluded.last_error
RETURNING host
"""

ANSWERS: LiteralString = """
DELETE FROM unreachable_hosts WHERE host = %(host)s RETURNING host
"""

# Those that are away only: a small table, whatever the size of the region.
UNREACHABLE: LiteralString = """
SELECT host, since, last_error FROM unreachable_hosts ORDER BY host
"""


class UnreachableHost(msgspec.Struct, frozen=True, kw_only=True):
    """A host that does not answer. ``since``: when that was first seen, in UTC. ``last_error``:
    the driver's words."""

    host: str
    since: datetime
    last_error: str
