"""The one statement that records a batch: facts, outbox, usage, answers and snapshots."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, LiteralString, NamedTuple

from adapters.clock import TELL
from adapters.eventlog import seal
from adapters.eventlog.mapper import StoredFact
from adapters.leadership.term import CHECK
from commands.engine.store import Batch
from projections import quota_tables
from projections.outbox import outbox
from projections.table import Columns

_FACTS: LiteralString = """
INSERT INTO facts (position, stream, version, at, by, because, kind, body, snapshot, hash)
SELECT position, stream, version, %(at)s, by, because, kind, body, snapshot, hash
FROM unnest(
    %(position)b::bigint[], %(stream)b::text[], %(version)b::bigint[], %(by)b::text[],
    %(because)b::uuid[], %(kind)b::text[], %(body)b::text[], %(snapshot)b::bytea[],
    %(hash)b::bytea[]
) AS new (position, stream, version, by, because, kind, body, snapshot, hash)
"""

_ANSWERS: LiteralString = """
INSERT INTO idempotency_keys (owner, key, fingerprint, position, reply, at)
SELECT owner, key, fingerprint, position, reply, %(at)s
FROM unnest(
    %(key_owner)b::text[], %(key_key)b::text[], %(key_fingerprint)b::bytea[],
    %(key_position)b::bigint[], %(key_reply)b::text[]
) AS new (owner, key, fingerprint, position, reply)
"""

_SNAPSHOTS: LiteralString = """
INSERT INTO snapshots (stream, version, format, state)
SELECT stream, version, format, state
FROM unnest(
    %(snap_stream)b::text[], %(snap_version)b::bigint[], %(snap_format)b::int[],
    %(snap_state)b::text[]
) AS new (stream, version, format, state)
ON CONFLICT (stream) DO UPDATE
SET version = excluded.version, format = excluded.format, state = excluded.state
"""

# The same once more, to stay: the past is read from here.
_MILESTONES: LiteralString = """
INSERT INTO milestones (stream, version, format, state)
SELECT stream, version, format, state
FROM unnest(
    %(snap_stream)b::text[], %(snap_version)b::bigint[], %(snap_format)b::int[],
    %(snap_state)b::text[]
) AS new (stream, version, format, state)
ON CONFLICT (stream, version) DO NOTHING
"""

# Relays sleep until this: once a batch that asks something of them, not once a command.
_WAKE: LiteralString = ", pg_notify('ullage_outbox', '')"

_ALONGSIDE = (*quota_tables.WRITTEN, *outbox.WRITTEN)
_SQL: dict[str, LiteralString] = {
    "facts": _FACTS,
    "answers": _ANSWERS,
    "snapshots": _SNAPSHOTS,
    "milestones": _MILESTONES,
    **{table.name: table.sql for table in _ALONGSIDE},
}


class TouchedTables(NamedTuple):
    """The tables that a batch touches, and their columns. An untouched table costs nothing."""

    tables: tuple[str, ...]
    columns: dict[str, Any]


@cache
def record(tables: tuple[str, ...]) -> LiteralString:
    """The statement that writes these tables, all of them or none, and tells what time it is. It
    fails where the writer's term is over."""
    written = ", ".join(f"{name}_written AS ({_SQL[name]})" for name in tables)
    return f"WITH {written} {TELL}, {CHECK}{_WAKE if 'asked' in tables else ''}"


def touched(
    stored: Sequence[StoredFact], hashes: Sequence[bytes], at: datetime, batch: Batch | None
) -> TouchedTables:
    """The tables that a batch touches, and their columns."""
    filled = {"facts": _facts(stored, hashes)}
    if batch:
        snapshots = _snapshots(batch)
        filled |= {"answers": _answers(batch), "snapshots": snapshots, "milestones": snapshots}
        filled |= {table.name: table.columns(batch.facts) for table in _ALONGSIDE}
    filled = {name: columns for name, columns in filled.items() if any(columns.values())}
    columns: dict[str, Any] = {"at": at}
    for of_table in filled.values():
        columns |= of_table
    return TouchedTables(tuple(filled), columns)


def _facts(stored: Sequence[StoredFact], hashes: Sequence[bytes]) -> Columns:
    return {
        "position": [s.id for s in stored],
        "stream": [s.originator_id for s in stored],
        "version": [s.originator_version for s in stored],
        "by": [s.by for s in stored],
        "because": [s.because for s in stored],
        "kind": [s.topic for s in stored],
        "body": [s.state.decode() for s in stored],
        "snapshot": [s.snapshot for s in stored],
        "hash": list(hashes),
    }


def _answers(batch: Batch) -> Columns:
    return {
        "key_owner": [key.owner for key in batch.answers],
        "key_key": [key.key for key in batch.answers],
        "key_fingerprint": [answer.fingerprint for answer in batch.answers.values()],
        "key_position": [answer.position for answer in batch.answers.values()],
        "key_reply": [answer.reply.decode() for answer in batch.answers.values()],
    }


def _snapshots(batch: Batch) -> Columns:
    return {
        "snap_stream": [stream.id for stream in batch.snapshots],
        "snap_version": [stream.version for stream in batch.snapshots],
        "snap_format": [stream.state.snapshot_format for stream in batch.snapshots],
        "snap_state": [seal.encode(stream.state).decode() for stream in batch.snapshots],
    }
