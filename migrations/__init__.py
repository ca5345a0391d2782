"""The schema, as plain SQL that only ever goes forward, applied by yoyo-migrations."""

from __future__ import annotations

from importlib.resources import as_file, files
from urllib.parse import quote, urlencode

import psycopg
from psycopg.conninfo import conninfo_to_dict
from yoyo import default_migration_table, read_migrations
from yoyo.backends.core.postgresql import PostgresqlPsycopgBackend
from yoyo.connections import parse_uri

# Any number that nothing else in this database uses as an advisory lock.
_LOCK = 7_305_818_001


def apply(dsn: str) -> list[str]:
    """Bring the database to the present schema; return the names of what was applied.

    Safe when several processes start at once: they take turns. A runner that died leaves yoyo's
    own lock behind, so that is broken once ours, which dies with its holder, is held.
    """
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        with as_file(files(__name__)) as folder, _backend(dsn) as backend:
            backend.init_database()
            backend.break_lock()
            scripts = read_migrations(str(folder)).filter(lambda m: m.path.endswith(".sql"))
            pending = backend.to_apply(scripts)
            backend.apply_migrations(pending)
            return [migration.id for migration in pending]


class _Backend(PostgresqlPsycopgBackend):  # type: ignore[misc]  # yoyo has no types
    """yoyo's own, which tries out at each start what PostgreSQL then logs as an ERROR: to create a
    table that is there, and to drop one that was rolled back."""

    create_lock_table_sql = PostgresqlPsycopgBackend.create_lock_table_sql.replace(
        "CREATE TABLE", "CREATE TABLE IF NOT EXISTS"
    )

    def init_database(self) -> None:
        """PostgreSQL is known to roll definitions back, which yoyo assumes until it has tried."""
        self.create_lock_table()


def _backend(dsn: str) -> _Backend:
    return _Backend(parse_uri(_url(dsn)), default_migration_table)


def _url(dsn: str) -> str:
    """A libpq connection string in the form that yoyo reads."""
    parts = {name: str(value) for name, value in conninfo_to_dict(dsn).items() if value}
    user, password = parts.pop("user", ""), parts.pop("password", "")
    dbname = parts.pop("dbname", "") or user
    who = quote(user, safe="") + (":" + quote(password, safe="") if password else "")
    rest = urlencode(parts, quote_via=quote, safe="")
    return f"postgresql+psycopg://{who}{'@' if who else ''}/{quote(dbname)}?{rest}"
