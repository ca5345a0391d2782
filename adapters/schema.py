"""Brings a database to the present schema, if it is one in which every text can be kept."""

from __future__ import annotations

from adapters.connections import connect, with_session

_ENCODING = "UTF8"


class DatabaseUnfit(Exception):
    """A region cannot be in this database. Its text says why, and what to do."""


def bring_up(dsn: str) -> list[str]:
    """The names of what was applied. Raises DatabaseUnfit, psycopg.Error."""
    import migrations  # noqa: PLC0415 (its library is not needed for anything else)

    must_be_fit(dsn)
    return migrations.apply(with_session(dsn))


def must_be_fit(dsn: str) -> None:
    """In another encoding some texts cannot be kept, or are kept as they are not meant. Raises
    DatabaseUnfit, psycopg.OperationalError."""
    with connect(dsn) as connection:
        encoding = connection.info.parameter_status("server_encoding")
        name = connection.info.dbname
    if encoding != _ENCODING:
        raise DatabaseUnfit(
            f"The database {name} has the encoding {encoding}, and must have {_ENCODING}. Make "
            f"another: CREATE DATABASE ... ENCODING '{_ENCODING}' TEMPLATE template0"
        )
