"""What handlers look at: the read models in memory, their tables, and the log as it was."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, LiteralString, TypeVar
from uuid import UUID

import psycopg
from litestar.types import Receive
from psycopg_pool import ConnectionPool, PoolTimeout

from adapters.eventlog.reader import LogReader
from adapters.http.gateway.parts.lookups import Lookups, ReadTooLong
from adapters.http.gateway.waiting import reach, reach_tables
from adapters.readside.models import Models, ReadSide
from adapters.readside.past import Past
from adapters.readside.tables import operation_row
from commands.engine.request import Unavailable
from commands.engine.store import Answer, Key
from domain.shared.errors import NotFound
from projections.operations import GET, OperationRow
from projections.servers import ServerRow

T = TypeVar("T")

_WITHOUT_BODY = frozenset({"GET", "HEAD"})

AWAY = (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout)
"""What psycopg raises where PostgreSQL does not answer."""


class Reads:
    """Nothing here changes anything. What is no memory is read in a thread, for seconds at most,
    and only while its caller is there: ``receive`` is how one hears of it."""

    def __init__(
        self,
        readside: ReadSide,
        reader: LogReader,
        pool: ConnectionPool[psycopg.Connection],
        lookups: Lookups,
        *,
        now: Callable[[], datetime],
        receive: Receive | None = None,
    ) -> None:
        self.readside = readside
        self.now = now
        self.reader = reader
        self._pool = pool
        self._lookups = lookups
        self._receive = receive

    def of(self, request: Any) -> Reads:
        """The same for one request. What it reads ends when its caller hangs up: that is heard only
        where there is no body to be read."""
        if request.scope["method"] not in _WITHOUT_BODY:
            return self
        return Reads(
            self.readside,
            self.reader,
            self._pool,
            self._lookups,
            now=self.now,
            receive=request.receive,
        )

    @property
    def models(self) -> Models:
        """The read models in memory, as they are now."""
        return self.readside.models

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
        return (await self.read(lambda: self.reader.answers([key]))).get(key)

    async def head(self) -> int:
        """The position of the last fact in the log, whoever wrote it. Raises Unavailable."""
        return await self.read(self.reader.head)

    def past(self, position: int) -> Past:
        """To be looked at in a thread, by `read`."""
        return Past(self.reader, self._select, position)

    async def read(self, read: Callable[[], T]) -> T:
        """What the log tells. Raises Unavailable, ReadTooLong, CallerGone."""
        try:
            return await self._lookups.run(read, self._receive)
        except psycopg.errors.QueryCanceled as e:
            raise ReadTooLong(self._lookups.seconds) from e
        except AWAY as e:
            raise Unavailable from e

    async def select(self, sql: LiteralString, values: Mapping[str, Any]) -> list[Sequence[Any]]:
        """Rows of a table. Raises Unavailable, ReadTooLong, CallerGone."""
        return await self.read(partial(self._select, sql, values))

    def _select(self, sql: LiteralString, values: Mapping[str, Any]) -> list[Sequence[Any]]:
        with self._pool.connection() as connection:
            return list(connection.execute(sql, values).fetchall())
