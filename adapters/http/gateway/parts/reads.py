"""What handlers look at: the read models in memory, their tables, and the log as it was."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, LiteralString, TypeVar
from uuid import UUID

import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout

from adapters.eventlog.reader import LogReader
from adapters.eventlog.store import EventLog
from adapters.http.gateway.waiting import reach, reach_tables
from adapters.readside import patterns
from adapters.readside.models import Models, ReadSide
from adapters.readside.past import Past
from adapters.readside.tables import operation_row
from commands.engine.request import Unavailable
from commands.engine.store import Answer, Key, WriterLost
from domain.shared.errors import NotFound
from projections.operations import GET, OperationRow
from projections.servers import ServerRow

T = TypeVar("T")

AWAY = (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout)
"""What psycopg raises where PostgreSQL does not answer."""


class Reads:
    """Nothing here changes anything. What is no memory is read in a thread."""

    def __init__(
        self,
        readside: ReadSide,
        log: EventLog,
        pool: ConnectionPool[psycopg.Connection],
        *,
        now: Callable[[], datetime],
    ) -> None:
        self.readside = readside
        self.now = now
        self.reader = LogReader(pool)
        self._log = log
        self._pool = pool

    @property
    def models(self) -> Models:
        """The read models in memory, as they are now."""
        return self.readside.models

    @property
    def unfit(self) -> str | None:
        """What keeps this process from leading; None: nothing does."""
        return self._log.unfit

    async def reach(self, after: int | None) -> None:
        """Wait until memory has come to ``after``. Raises NotThereYet."""
        await reach(self.readside, after)

    async def reach_tables(self, after: int | None) -> None:
        """Wait until the tables have come to ``after``. Raises NotThereYet."""
        await reach_tables(self.readside, after)

    def server(self, server: UUID) -> ServerRow:
        """The server as it is now. Raises NotFound."""
        if (row := self.readside.server(server)) is None:
            raise NotFound(what="server", id=str(server))
        return row

    async def operation(self, operation: UUID) -> OperationRow:
        """From memory; old ones from their table. Raises NotFound, Unavailable."""
        if row := self.readside.operation(operation):
            return row
        for found in await self.select(GET, {"id": operation}):
            return operation_row(found)
        raise NotFound(what="operation", id=str(operation))

    async def adopted(self, server: UUID, position: int) -> ServerRow:
        """A server as its adoption left it, whose last fact is at ``position``. Raises NotFound,
        Unavailable."""
        past = self.past(position)
        if (row := await self.read(lambda: past.server(server))) is None:
            raise NotFound(what="server", id=str(server))
        return row

    async def answered(self, key: Key) -> Answer | None:
        """What the log remembers of a key. Raises Unavailable."""
        return (await self.read(lambda: self._log.answers([key]))).get(key)

    async def head(self) -> int:
        """The position of the last fact in the log, whoever wrote it. Raises Unavailable."""
        return await self.read(self._log.head)

    def past(self, position: int) -> Past:
        """To be looked at in a thread, by `read`."""
        return Past(self.reader, self._select, position)

    async def read(self, read: Callable[[], T]) -> T:
        """What the log tells. Raises Unavailable."""
        return await asyncio.to_thread(_answering, read)

    async def select(self, sql: LiteralString, values: Mapping[str, Any]) -> list[Sequence[Any]]:
        """Rows of a table. Raises Unavailable."""
        return await asyncio.to_thread(self._select, sql, values)

    async def matches(self, pattern: str, texts: Sequence[str]) -> list[bool]:
        """Which of the texts a regular expression is found in. Raises PatternInvalid,
        Unavailable."""
        if patterns.is_plain(pattern):
            return [pattern in text for text in texts]
        return await self.read(lambda: patterns.matches(self._pool, pattern, texts))

    def _select(self, sql: LiteralString, values: Mapping[str, Any]) -> list[Sequence[Any]]:
        def select() -> list[Sequence[Any]]:
            with self._pool.connection() as connection:
                return list(connection.execute(sql, values).fetchall())

        return _answering(select)


def _answering(read: Callable[[], T]) -> T:
    """Raises Unavailable."""
    try:
        return read()
    except (WriterLost, *AWAY) as e:
        raise Unavailable from e
