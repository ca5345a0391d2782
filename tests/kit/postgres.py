"""PostgreSQL for tests: one server for a whole run, and on it a new database for whoever asks.

ULLAGE_TEST_PG_BIN names the folder of another PostgreSQL's programs, ULLAGE_TEST_DSN a server that
already runs, whose user must be allowed to create databases.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import LiteralString
from uuid import uuid4

import msgspec
import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

import migrations
from adapters.demo.postgres.postgres import EmbeddedPostgres

FORM: LiteralString = "ENCODING 'UTF8' LOCALE 'C'"
_CONNECTIONS = 200
# Any number that nothing else takes as an advisory lock in the server's own database.
_MAKING_TEMPLATE = 7_305_818_999


class Server(msgspec.Struct, frozen=True):
    """A PostgreSQL that runs, and the name of the database that new ones are copied from."""

    dsn: str
    template: str


@contextmanager
def serving() -> Iterator[Server]:
    """A server as the settings say; one of our own is started, and removed afterwards."""
    template = f"ullage_template_{uuid4().hex}"
    if dsn := os.environ.get("ULLAGE_TEST_DSN"):
        try:
            yield Server(dsn, template)
        finally:
            drop(dsn, template)
        return
    programs = os.environ.get("ULLAGE_TEST_PG_BIN")
    with tempfile.TemporaryDirectory(prefix="ullage-test-") as name:
        own = EmbeddedPostgres(
            Path(name), binaries=Path(programs) if programs else None, connections=_CONNECTIONS
        )
        try:
            with own:
                yield Server(own.dsn, template)
        finally:
            # As root it may lie elsewhere than in the folder that goes by itself.
            shutil.rmtree(own.folder, ignore_errors=True)


@contextmanager
def database(server: Server, *, migrated: bool = True, form: LiteralString = FORM) -> Iterator[str]:
    """A new database, by default with the present schema. Yields its DSN, and drops it afterwards.
    ``form``: the encoding and order of one without.

    Takes 25 ms, as it is a copy. Whoever is still connected at the end is cut off.
    """
    name = f"ullage_test_{uuid4().hex}"
    with psycopg.connect(server.dsn, autocommit=True) as connection:
        if migrated and not _exists(connection, server.template):
            _make_template(connection, server)
        _create(connection, name, server.template if migrated else None, form)
    try:
        yield make_conninfo(server.dsn, dbname=name)
    finally:
        drop(server.dsn, name)


def drop(dsn: str, name: str) -> None:
    """Drop the database, with everybody in it."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        connection.execute(statement.format(sql.Identifier(name)))


def _make_template(connection: psycopg.Connection, server: Server) -> None:
    """Migrate a new database once in a run: workers that come at the same time take turns."""
    connection.execute("SELECT pg_advisory_lock(%s)", (_MAKING_TEMPLATE,))
    try:
        if not _exists(connection, server.template):
            # Under its own name only when complete: a migration that fails leaves no template.
            with database(server, migrated=False) as dsn:
                migrations.apply(dsn)
                _create(connection, server.template, str(conninfo_to_dict(dsn)["dbname"]))
    finally:
        connection.execute("SELECT pg_advisory_unlock(%s)", (_MAKING_TEMPLATE,))


def _exists(connection: psycopg.Connection, name: str) -> bool:
    query = "SELECT FROM pg_database WHERE datname = %s"
    return connection.execute(query, (name,)).rowcount == 1


def _create(
    connection: psycopg.Connection, name: str, template: str | None, form: LiteralString = FORM
) -> None:
    # template0, because only from that one encoding and order can be chosen on any server.
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} " + form)
    names = sql.Identifier(name), sql.Identifier(template or "template0")
    connection.execute(statement.format(*names))
