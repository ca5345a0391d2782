"""Databases as they come: whatever they are set to, a region works in them."""

from __future__ import annotations

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from adapters import schema
from adapters.audit import audit
from adapters.connections import connect
from domain.shared.size import Size
from tests.kit.postgres import Server, database
from tests.kit.region import regions

HOSTILE = {
    "client_encoding": "LATIN1",
    "datestyle": "SQL, DMY",
    "intervalstyle": "sql_standard",
    "timezone": "Asia/Tokyo",
    "bytea_output": "escape",
    "extra_float_digits": "-15",
    "standard_conforming_strings": "off",
    "array_nulls": "off",
    "search_path": "nowhere",
    "default_transaction_isolation": "serializable",
    "default_transaction_read_only": "on",
    "statement_timeout": "1",
    "lock_timeout": "1",
    "idle_session_timeout": "1",
    "idle_in_transaction_session_timeout": "1",
}

_TRANSACTION_TIMEOUT = "SELECT setting FROM pg_settings WHERE name = 'transaction_timeout'"
"""No row before PostgreSQL 17."""


def make_hostile(dsn: str, **settings: str) -> None:
    """From the next connection on."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        name = sql.Identifier(connection.info.dbname)
        if connection.info.server_version >= 170_000:
            # Not 1: it can be set only in a transaction, which would have to be quicker than that.
            settings["transaction_timeout"] = "10000"
        for setting, value in settings.items():
            statement = sql.SQL("ALTER DATABASE {} SET {} = {}")
            connection.execute(statement.format(name, sql.Identifier(setting), value))


def test_a_region_works_whatever_its_database_is_set_to(postgres: Server) -> None:
    with database(postgres) as dsn, regions(dsn) as new:
        make_hostile(dsn, **HOSTILE)
        region = new().leading()
        server = region.adopted()
        with region.carried():
            operation = region.scaling(server, Size(2, 2048))
            assert region.ended(operation)["state"] == "succeeded"
        shown = region.get(f"/v1/history?server={server}").json()["items"]
        assert {one["at"][-1] for one in shown} == {"Z"}
        assert audit(dsn).sound


def test_the_schema_is_made_whatever_the_database_is_set_to(postgres: Server) -> None:
    with database(postgres, migrated=False) as dsn:
        make_hostile(dsn, **HOSTILE)
        assert schema.bring_up(dsn)
        assert schema.bring_up(dsn) == []
        with connect(dsn) as connection:
            found = connection.execute("SELECT to_regclass('public.facts')::text").fetchone()
            limits = connection.execute(_TRANSACTION_TIMEOUT).fetchall()
    assert found == ("facts",)
    assert [one for one in limits if one != ("0",)] == []


def test_a_schema_that_the_connection_string_names_is_used(postgres: Server) -> None:
    with database(postgres, migrated=False) as dsn:
        with connect(dsn) as connection:
            connection.execute("CREATE SCHEMA ullage")
        ours = make_conninfo(dsn, options="-c search_path=ullage -c work_mem=8MB")
        schema.bring_up(ours)
        with connect(ours) as connection:
            found = connection.execute("SELECT to_regclass('ullage.facts')::text").fetchone()
            memory = connection.execute("SHOW work_mem").fetchone()
    assert (found, memory) == (("facts",), ("8MB",))
