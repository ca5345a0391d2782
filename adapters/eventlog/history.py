"""What a stream is loaded from: a snapshot that its fact vouches for, and the facts after it."""

from __future__ import annotations

from typing import LiteralString

# One question for both: the snapshot, which has no kind, stands before the facts that follow it.
# One whose digest its fact does not have was written by no leader, and comes without its state.
HISTORY: LiteralString = """
WITH snapshot AS (
    SELECT version, state, coalesce(
        snapshot = sha256(convert_to(format || ':' || state, 'UTF8')), false
    ) AS sealed
    FROM snapshots LEFT JOIN facts USING (stream, version)
    WHERE stream = %(stream)s AND format = %(format)s
)
SELECT version, NULL AS kind, CASE WHEN sealed THEN state END AS body FROM snapshot
UNION ALL
SELECT version, kind, body FROM facts
WHERE stream = %(stream)s AND version > coalesce((SELECT version FROM snapshot WHERE sealed), 0)
ORDER BY version
"""

FORGED = (
    "The snapshot of {stream} at version {version} is not the one that its fact vouches for, so it "
    "was not used: the stream was read from its facts. Run `ullage audit verify`, and find out who "
    "wrote to the table snapshots."
)
