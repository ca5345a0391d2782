"""What stands in the books of a host, on the connection that holds the right to watch it."""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock
from typing import Any, LiteralString
from uuid import UUID

import msgspec
import psycopg

from adapters.connections import connect
from adapters.readside.tables import ROWS
from domain.hosts.host import Host
from domain.server import Server
from projections import host_books
from projections.host_books import OperationProgress
from projections.servers import ServerRow

# One watcher a host in the region. The lock ends with the connection: a relay that dies needs no
# lease to run out. The seed keeps these keys apart from all others in the database.
_CLAIM: LiteralString = """
SELECT host FROM unnest(%(hosts)s::text[]) AS host
WHERE pg_try_advisory_lock(hashtextextended('ullage.watch:' || host, 4711))
"""

_server = msgspec.json.Decoder(Server).decode
_host = msgspec.json.Decoder(Host).decode


class NotClaimed(Exception):
    """The connection is lost, and with it the right to watch. It is claimed again."""


class WatchBooks:
    """Safe for threads, which share the connection; only `claim` opens one."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._connection: psycopg.Connection | None = None
        self._claimed: set[str] = set()
        self._lock = Lock()

    def claim(self, hosts: Iterable[str]) -> set[str]:
        """Those of the hosts that are ours to watch now. Raises psycopg.Error."""
        with self._lock:
            if self._connection is None:
                self._connection, self._claimed = connect(self._dsn), set()
        missing = [host for host in hosts if host not in self._claimed]
        self._claimed |= {host for (host,) in self._run(_CLAIM, {"hosts": missing})}
        return set(self._claimed)

    def servers_of(self, host: str) -> list[ServerRow]:
        """Those that stand there, and to which nothing is being done. Raises NotClaimed,
        psycopg.Error, as all of these."""
        return [_row(row) for row in self._run(host_books.SERVERS_OF_HOST, {"host": host})]

    def servers(self, ids: Iterable[UUID]) -> list[ServerRow]:
        """Those of them that there are, on whatever host."""
        return [_row(row) for row in self._run(host_books.SERVERS_BY_ID, {"ids": list(ids)})]

    def progress(self) -> OperationProgress:
        """Before anything else is read: what is read then is as new, or newer."""
        ((head, saved),) = self._run(host_books.PROGRESS, {"name": ROWS})
        return OperationProgress(head=head, saved=saved)

    def host(self, host: str) -> Host | None:
        for (state,) in self._run(host_books.HOST, {"host": host}):
            return _host(state)
        return None

    def close(self) -> None:
        """The right to watch is given up."""
        with self._lock:
            connection, self._connection = self._connection, None
        if connection:
            connection.close()

    def _run(self, sql: LiteralString, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        if (connection := self._connection) is None:
            raise NotClaimed
        try:
            return connection.execute(sql, values).fetchall()
        except psycopg.Error:
            if connection.closed or connection.broken:
                self.close()
            raise


def _row(row: tuple[Any, ...]) -> ServerRow:
    server, version, position, state, created, updated = row
    return ServerRow(
        id=server,
        version=version,
        position=position,
        state=_server(state),
        created=created,
        updated=updated,
    )
