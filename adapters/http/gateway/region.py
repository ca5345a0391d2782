"""What every handler works with: the sequencer to ask, the read side to look at."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString, TypeVar
from uuid import UUID, uuid4

import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout

from adapters.eventlog.reader import LogReader
from adapters.eventlog.store import EventLog
from adapters.http.gateway.metrics import Metrics
from adapters.hypervisors.driver import Found
from adapters.hypervisors.registry import DriverRegistry
from adapters.readside import patterns
from adapters.readside.models import ReadSide
from adapters.readside.past import Past
from adapters.readside.rebuild import Rebuilds
from adapters.readside.tables import operation_row
from adapters.settings import Settings
from commands.engine.request import Unavailable
from commands.engine.sequencer import Sequencer
from commands.engine.store import Answer, Key, WriterLost
from domain.shared.errors import NotFound
from projections.operations import GET, OperationRow
from projections.outbox.lanes import WITHHOLD
from projections.servers import ServerRow

T = TypeVar("T")

_AWAY = (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout)


class Region:
    """One process's view of the region. Clock and ids come from here, not from the inner layers."""

    def __init__(
        self,
        settings: Settings,
        *,
        sequencer: Sequencer,
        readside: ReadSide,
        hosts: DriverRegistry,
        rebuilds: Rebuilds,
        metrics: Metrics,
        log: EventLog,
        pool: ConnectionPool[psycopg.Connection],
        leader: Callable[[], str | None],
        project_exists: Callable[[str], Awaitable[bool]],
    ) -> None:
        self.settings = settings
        self.sequencer = sequencer
        self.readside = readside
        self.hosts = hosts
        self.rebuilds = rebuilds
        self.metrics = metrics
        self.leader = leader
        self.project_exists = project_exists
        self.reader = LogReader(pool)
        self.naming = asyncio.Lock()
        """Held by who gives a name that only one may have."""
        self._log = log
        self._pool = pool
        # Threads of their own: hosts that hang must not hold up those who read tables.
        self._inspecting = ThreadPoolExecutor(8, thread_name_prefix="inspect")

    def now(self) -> datetime:
        return datetime.now(UTC)

    def deadline(self) -> datetime:
        return self.now() + timedelta(seconds=self.settings.operation_seconds)

    def new_id(self) -> UUID:
        return uuid4()

    def server(self, server: UUID) -> ServerRow:
        """Raises NotFound."""
        if (row := self.readside.server(server)) is None:
            raise NotFound(what="server", id=str(server))
        return row

    async def inspect(self, host: str, server: UUID) -> Found:
        """The server as its hypervisor shows it. Raises HostUnknown, Failure."""
        read = self.hosts.driver(host).inspect
        return await asyncio.get_running_loop().run_in_executor(self._inspecting, read, server)

    async def answered(self, key: Key) -> Answer | None:
        """What the log remembers of a key. Raises Unavailable."""
        return (await self.read(lambda: self._log.answers([key]))).get(key)

    async def head(self) -> int:
        """The position of the last fact in the log, whoever wrote it. Raises Unavailable."""
        return await self.read(self._log.head)

    async def adopted(self, server: UUID, position: int) -> ServerRow:
        """A server as its adoption left it, whose last fact is at ``position``. Raises NotFound,
        Unavailable."""
        past = self.past(position)
        if (row := await self.read(lambda: past.server(server))) is None:
            raise NotFound(what="server", id=str(server))
        return row

    async def operation(self, operation: UUID) -> OperationRow:
        """From memory; old ones from their table. Raises NotFound, Unavailable."""
        if row := self.readside.operation(operation):
            return row
        for found in await self.select(GET, {"id": operation}):
            return operation_row(found)
        raise NotFound(what="operation", id=str(operation))

    async def withheld(self, operation: UUID) -> bool:
        """Whether no relay has sent it, nor will. Raises Unavailable."""
        return await asyncio.to_thread(self._withhold, operation)

    async def select(self, sql: LiteralString, values: Mapping[str, Any]) -> list[Sequence[Any]]:
        """Rows of a table, read in a thread. Raises Unavailable."""
        return await asyncio.to_thread(self._select, sql, values)

    async def matches(self, pattern: str, texts: Sequence[str]) -> list[bool]:
        """Which of the texts a regular expression is found in. Raises PatternInvalid,
        Unavailable."""
        if patterns.is_plain(pattern):
            return [pattern in text for text in texts]
        return await asyncio.to_thread(self._matches, pattern, texts)

    def past(self, position: int) -> Past:
        """To be looked at in a thread, by `read`."""
        return Past(self.reader, self._select, position)

    async def read(self, read: Callable[[], T]) -> T:
        """What the log tells, read in a thread. Raises Unavailable."""
        try:
            return await asyncio.to_thread(read)
        except (WriterLost, *_AWAY) as e:
            raise Unavailable from e

    def _withhold(self, operation: UUID) -> bool:
        try:
            with self._pool.connection() as connection:
                done = connection.execute(WITHHOLD, {"operation": operation})
                return done.rowcount == 1
        except _AWAY as e:
            raise Unavailable from e

    def _matches(self, pattern: str, texts: Sequence[str]) -> list[bool]:
        try:
            return patterns.matches(self._pool, pattern, texts)
        except (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout) as e:
            raise Unavailable from e

    def _select(self, sql: LiteralString, values: Mapping[str, Any]) -> list[Sequence[Any]]:
        try:
            with self._pool.connection() as connection:
                return list(connection.execute(sql, values).fetchall())
        except _AWAY as e:
            raise Unavailable from e
