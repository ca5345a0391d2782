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

# One projection a row, so that one can be rebuilt while the others move on. Whenever rows get a
# shape that older processes do not write, the name changes: one that still leads while it is
# replaced goes on to save under its own. This one is of the rows that have times.
ROWS = "times"
HISTORY = history.NAME
HISTORY_STEP = 20_000
"""Facts that history takes in one commit."""


def position(connection: psycopg.Connection, name: str) -> int:
    """The position that the tables under ``name`` have come to; 0: never saved."""
    row = connection.execute(_POSITION, {"name": name}).fetchone()
    return row[0] if row else 0


def load(connection: psycopg.Connection) -> Models:
    """The read models as of one moment; facts after their ``position`` are still to be applied."""
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
    """Write the rows in the caller's transaction; a newer row in a table stays."""
    if rows.servers:
        connection.execute(servers.SAVE, servers.columns(list(rows.servers.values())))
    if rows.operations:
        connection.execute(operations.SAVE, operations.columns(list(rows.operations.values())))
    if rows.catalogue:
        connection.execute(catalogue.SAVE, catalogue.columns(list(rows.catalogue.values())))


def save(connection: psycopg.Connection, rows: UnsavedRows, upto: int) -> None:
    """Save everything up to a position; a history that is far behind follows in further commits.

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
    """Write history in the caller's transaction, after the servers' table has come to ``until``."""
    if until > after:
        connection.execute(history.SAVE, {"after": after, "upto": until})
        set_position(connection, HISTORY, until)


class Overtaken(Exception):
    """Another process has saved more than this one knows, so what it would write is out of date."""


def set_position(connection: psycopg.Connection, name: str, upto: int) -> None:
    """Record how far the tables under ``name`` have come. Raises Overtaken."""
    if connection.execute(_MOVE, {"name": name, "upto": upto}).rowcount == 0:
        raise Overtaken(name)


def server_row(row: Sequence[Any]) -> ServerRow:
    """A row of the table of servers."""
    return msgspec.convert(dict(zip(ServerRow.__struct_fields__, row, strict=True)), ServerRow)


def operation_row(row: Sequence[Any]) -> OperationRow:
    """A row of the table of operations."""
    return msgspec.convert(row[0], OperationRow)


def catalogue_row(row: Sequence[Any]) -> AnyRow:
    """A row of the table of the catalogue."""
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
