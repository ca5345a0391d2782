"""The read models' tables: loading them into memory, and saving what has changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, LiteralString

import msgspec
import psycopg

from adapters.readside.models import Models
from adapters.readside.rows import UnsavedRows
from projections import catalogue, history, operations, quota_tables, servers
from projections.catalogue import KINDS, AnyRow, CatalogueRow
from projections.operations import OperationRow
from projections.servers import ServerRow

NAMES = ("servers", "operations", "catalogue", "limits", "history")

_POSITION: LiteralString = "SELECT position FROM projections WHERE name = %(name)s"

# Somebody else who has moved it on keeps it: what we would write is of the past.
_MOVE: LiteralString = """
INSERT INTO projections (name, position) VALUES (%(name)s, %(upto)s)
ON CONFLICT (name) DO UPDATE SET position = excluded.position
WHERE projections.position <= excluded.position
"""

# One projection a row, so that one can be rebuilt while the others move on.
# A name of its own for the rows as they are since servers have times: an older process that
# still leads while it is replaced goes on to save under the name before, what it knows of them.
ROWS = "times"
HISTORY = history.NAME
HISTORY_STEP = 20_000
"""Facts that history takes in one commit."""


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
        models.catalogue.load(_rows(connection, catalogue.LOAD, catalogue_row))
        models.limits.load(
            usage=connection.execute(quota_tables.LOAD_USAGE).fetchall(),
            limits=connection.execute(quota_tables.LOAD_LIMITS).fetchall(),
            classes=connection.execute(quota_tables.LOAD_CLASSES).fetchall(),
            parts=connection.execute(quota_tables.LOAD_PARTS).fetchall(),
            parents=connection.execute(quota_tables.LOAD_PARENTS).fetchall(),
        )
    return models


def write_rows(connection: psycopg.Connection, rows: UnsavedRows) -> None:
    """In the caller's transaction. A row that is newer in its table stays."""
    if rows.servers:
        connection.execute(servers.SAVE, servers.columns(list(rows.servers.values())))
    if rows.operations:
        connection.execute(operations.SAVE, operations.columns(list(rows.operations.values())))
    if rows.catalogue:
        connection.execute(catalogue.SAVE, catalogue.columns(list(rows.catalogue.values())))


def save(connection: psycopg.Connection, rows: UnsavedRows, upto: int) -> None:
    """Everything up to a position; a history that is far behind follows in further commits.

    Raises Overtaken.
    """
    after = position(connection, HISTORY)
    until = min(upto, after + HISTORY_STEP)
    with connection.transaction():
        set_position(connection, ROWS, upto)
        write_rows(connection, rows)
        write_history(connection, after, until)
    while until < upto:
        after, until = until, min(upto, until + HISTORY_STEP)
        with connection.transaction():
            write_history(connection, after, until)


def write_history(connection: psycopg.Connection, after: int, until: int) -> None:
    """In the caller's transaction; the servers' table must have come to ``until`` before."""
    if until > after:
        connection.execute(history.SAVE, {"after": after, "upto": until})
        set_position(connection, HISTORY, until)


class Overtaken(Exception):
    """Another process has saved more than we know. What we would write is of the past."""


def set_position(connection: psycopg.Connection, name: str, upto: int) -> None:
    """Raises Overtaken."""
    if connection.execute(_MOVE, {"name": name, "upto": upto}).rowcount == 0:
        raise Overtaken(name)


def server_row(row: Sequence[Any]) -> ServerRow:
    return msgspec.convert(dict(zip(ServerRow.__struct_fields__, row, strict=True)), ServerRow)


def operation_row(row: Sequence[Any]) -> OperationRow:
    return msgspec.convert(row[0], OperationRow)


def catalogue_row(row: Sequence[Any]) -> AnyRow:
    category, id_, version, at, state = row
    return CatalogueRow(
        category=category,
        id=id_,
        version=version,
        position=at,
        state=msgspec.convert(state, KINDS[category]),
    )


def _rows(connection: psycopg.Connection, sql: LiteralString, into: Any) -> list[Any]:
    return [into(row) for row in connection.execute(sql)]
