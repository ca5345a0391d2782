"""The read models' tables: loading them into memory, and saving what has changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, LiteralString

import msgspec
import psycopg

from adapters.readside.models import Models
from projections import history, limits, operations, servers
from projections.operations import OperationRow
from projections.servers import ServerRow

NAMES = ("servers", "operations", "limits", "history")

_POSITION: LiteralString = "SELECT position FROM projections WHERE name = %(name)s"

# Somebody else who has moved it on keeps it: what we would write is of the past.
_MOVE: LiteralString = """
INSERT INTO projections (name, position) VALUES (%(name)s, %(upto)s)
ON CONFLICT (name) DO UPDATE SET position = excluded.position
WHERE projections.position <= excluded.position
"""

# One projection a row, so that one can be rebuilt while the others move on.
ROWS = "rows"
HISTORY = history.NAME


def position(connection: psycopg.Connection, name: str) -> int:
    row = connection.execute(_POSITION, {"name": name}).fetchone()
    return row[0] if row else 0


def load(connection: psycopg.Connection) -> Models:
    """All of it as of one moment; the facts behind ``position`` are still to be applied."""
    models = Models()
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        models.position = position(connection, ROWS)
        models.servers.load(_rows(connection, servers.LOAD, server_row))
        models.operations.load(_rows(connection, operations.LOAD_OPEN, operation_row))
        models.limits.load(
            connection.execute(limits.LOAD_USAGE).fetchall(),
            connection.execute(limits.LOAD_LIMITS).fetchall(),
            connection.execute(limits.LOAD_CLASSES).fetchall(),
        )
    return models


def save_rows(
    connection: psycopg.Connection,
    changed_servers: list[ServerRow],
    changed_operations: list[OperationRow],
    upto: int,
) -> None:
    with connection.transaction():
        set_position(connection, ROWS, upto)
        if changed_servers:
            connection.execute(servers.SAVE, servers.columns(changed_servers))
        if changed_operations:
            connection.execute(operations.SAVE, operations.columns(changed_operations))


def save_history(connection: psycopg.Connection, upto: int, *, step: int = 20_000) -> None:
    """Up to ``step`` facts a transaction."""
    after = position(connection, HISTORY)
    while after < upto:
        until = min(upto, after + step)
        with connection.transaction():
            connection.execute(history.SAVE, {"after": after, "upto": until})
            set_position(connection, HISTORY, until)
        after = until


class Overtaken(Exception):
    """Another process has saved more than we know. What we would write is of the past."""


def set_position(connection: psycopg.Connection, name: str, upto: int) -> None:
    """Raises Overtaken."""
    if connection.execute(_MOVE, {"name": name, "upto": upto}).rowcount == 0:
        raise Overtaken(name)


def server_row(row: Sequence[Any]) -> ServerRow:
    server, version, at, state = row
    return msgspec.convert(
        {"id": server, "version": version, "position": at, "state": state}, ServerRow
    )


def operation_row(row: Sequence[Any]) -> OperationRow:
    return msgspec.convert(row[0], OperationRow)


def _rows(connection: psycopg.Connection, sql: LiteralString, into: Any) -> list[Any]:
    return [into(row) for row in connection.execute(sql)]
