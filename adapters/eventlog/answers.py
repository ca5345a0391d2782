"""What was answered under an Idempotency-Key, as the log remembers it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import LiteralString

import psycopg
from psycopg_pool import ConnectionPool

from commands.engine.store import Answer, Key

_ANSWERS: LiteralString = """
SELECT owner, key, fingerprint, position, reply FROM idempotency_keys
JOIN unnest(%(owners)s::text[], %(keys)s::text[]) AS asked (owner, key) USING (owner, key)
"""


def answers(pool: ConnectionPool[psycopg.Connection], keys: Sequence[Key]) -> dict[Key, Answer]:
    """Of those keys that are remembered. Raises psycopg's errors, and PoolTimeout."""
    values = {"owners": [k.owner for k in keys], "keys": [k.key for k in keys]}
    with pool.connection() as connection:
        rows = connection.execute(_ANSWERS, values).fetchall()
    return {
        Key(owner, key): Answer(position=position, reply=reply.encode(), fingerprint=mark)
        for owner, key, mark, position, reply in rows
    }
