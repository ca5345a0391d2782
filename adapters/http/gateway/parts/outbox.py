"""Taking an operation's message back before a relay has sent it."""

from __future__ import annotations

import asyncio
from uuid import UUID

import psycopg
from psycopg_pool import ConnectionPool

from adapters.http.gateway.parts.reads import AWAY
from commands.engine.request import Unavailable
from projections.outbox.lanes import WITHHOLD


class Outbox:
    """What waits to be sent to hypervisors. ``pool``: of its own, in which callers may queue."""

    def __init__(self, pool: ConnectionPool[psycopg.Connection]) -> None:
        self._pool = pool

    async def withheld(self, operation: UUID) -> bool:
        """Whether no relay has sent it, nor will. Raises Unavailable."""
        return await asyncio.to_thread(self._withhold, operation)

    def _withhold(self, operation: UUID) -> bool:
        try:
            with self._pool.connection() as connection:
                done = connection.execute(WITHHOLD, {"operation": operation})
                return done.rowcount == 1
        except AWAY as e:
            raise Unavailable from e
