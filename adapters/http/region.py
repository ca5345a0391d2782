"""What every handler works with: the sequencer to ask, the read side to look at."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID, uuid4

import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout

from adapters.http.metrics import Metrics
from adapters.hypervisors.hosts import Hosts
from adapters.readside.models import ReadSide
from adapters.readside.rebuild import Rebuilds
from adapters.readside.tables import operation_row
from adapters.settings import Settings
from commands.request import Unavailable
from commands.sequencer import Sequencer
from domain.errors import NotFound
from projections.operations import GET, OperationRow
from projections.servers import ServerRow


class Region:
    """One process's view of the region. Clock and ids come from here, not from the inner layers."""

    def __init__(
        self,
        settings: Settings,
        *,
        sequencer: Sequencer,
        readside: ReadSide,
        hosts: Hosts,
        rebuilds: Rebuilds,
        metrics: Metrics,
        pool: ConnectionPool[psycopg.Connection],
        leader: Callable[[], str | None],
    ) -> None:
        self.settings = settings
        self.sequencer = sequencer
        self.readside = readside
        self.hosts = hosts
        self.rebuilds = rebuilds
        self.metrics = metrics
        self.leader = leader
        self._pool = pool

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

    async def operation(self, operation: UUID) -> OperationRow:
        """From memory; old ones from their table. Raises NotFound, Unavailable."""

        if row := self.readside.operation(operation):
            return row
        for found in await self.select(GET, {"id": operation}):
            return operation_row(found)
        raise NotFound(what="operation", id=str(operation))

    async def select(self, sql: LiteralString, values: Mapping[str, Any]) -> list[Sequence[Any]]:
        """Rows of a table, read in a thread. Raises Unavailable."""
        return await asyncio.to_thread(self._select, sql, values)

    def _select(self, sql: LiteralString, values: Mapping[str, Any]) -> list[Sequence[Any]]:
        try:
            with self._pool.connection() as connection:
                return list(connection.execute(sql, values).fetchall())
        except (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout) as e:
            raise Unavailable from e
