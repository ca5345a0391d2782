"""The settings of a region, and its database, for commands that need them themselves."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from msgspec.structs import replace
from psycopg.conninfo import conninfo_to_dict

from adapters import settings
from adapters.cli.kit.ending import AWAY, Stopped
from adapters.schema import DatabaseUnfit
from adapters.settings import Settings


def configured() -> Settings:
    """The settings that the environment gives. Raises Stopped."""
    try:
        found = settings.read(os.environ)
    except settings.SettingsInvalid as e:
        raise Stopped(str(e)) from e
    return replace(found, dsn=sound(found.dsn))


def sound(dsn: str) -> str:
    """The same connection string, if it is one. Raises Stopped."""
    try:
        conninfo_to_dict(dsn)
    except psycopg.ProgrammingError:
        # Its words may repeat the password that stands in it.
        raise Stopped(
            "ULLAGE_DSN is not a PostgreSQL connection string. Write it as in "
            "postgresql://ullage@db.example/ullage, or as in 'host=db.example dbname=ullage'."
        ) from None
    return dsn


def dsn() -> str:
    """The connection string that the environment gives. Raises Stopped."""
    return configured().dsn


@contextmanager
def database() -> Iterator[None]:
    """What PostgreSQL does not do ends the command. Raises Stopped."""
    try:
        yield
    except psycopg.errors.UndefinedTable as e:
        raise Stopped("The database has no schema yet: run `ullage migrate`.") from e
    except DatabaseUnfit as e:
        raise Stopped(str(e)) from e
    except psycopg.OperationalError as e:
        raise Stopped(f"PostgreSQL cannot be reached: {_line(e)}", AWAY) from e
    except psycopg.Error as e:
        raise Stopped(f"PostgreSQL refuses: {_line(e)}") from e


def _line(error: psycopg.Error) -> str:
    return " ".join(str(error).split())
