"""Rows of the log, read as the facts that they hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, LiteralString

import psycopg

from adapters.eventlog.mapper import StoredFact

_CHAIN: LiteralString = """
SELECT position, stream, version, kind, body, at, by, because, snapshot, hash
FROM facts ORDER BY position
"""


def chained(connection: psycopg.Connection) -> Iterator[tuple[StoredFact, bytes]]:
    """Every fact with its hash, in the transaction that ``connection`` is in."""
    with connection.cursor(name="chain") as cursor:
        cursor.itersize = 5000
        for *row, snapshot, digest in cursor.execute(_CHAIN):
            yield fact_of(row, snapshot), digest


def fact_of(row: Sequence[Any], snapshot: bytes = b"") -> StoredFact:
    position, stream, version, kind, body, at, by, because = row
    return StoredFact(
        id=position,
        originator_id=stream,
        originator_version=version,
        topic=kind,
        state=body.encode(),
        at=at,
        by=by,
        because=because,
        snapshot=snapshot,
    )
