"""The schema, as plain SQL that only ever goes forward, applied by yoyo-migrations."""

from __future__ import annotations

from importlib.resources import as_file, files
from urllib.parse import quote, urlencode

import psycopg
from psycopg.conninfo import conninfo_to_dict
from yoyo import get_backend, read_migrations

# Any number that nothing else in this database uses as an advisory lock.
_LOCK = 7_305_818_001


def apply(dsn: str) -> list[str]:
    """Bring the database to the present schema; return the names of what was applied.

    Safe when several processes start at once: they take turns. A runner that died leaves yoyo's
    own lock behind, so that is broken once ours, which dies with its holder, is held.
    """
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        with as_file(files(__name__)) as folder, get_backend(_url(dsn)) as backend:
            backend.break_lock()
            scripts = read_migrations(str(folder)).filter(lambda m: m.path.endswith(".sql"))
            pending = backend.to_apply(scripts)
            backend.apply_migrations(pending)
            return [migration.id for migration in pending]


def _url(dsn: str) -> str:
    """A libpq connection string in the form that yoyo reads."""
    parts = {name: str(value) for name, value in conninfo_to_dict(dsn).items() if value}
    user, password = parts.pop("user", ""), parts.pop("password", "")
    dbname = parts.pop("dbname", "") or user
    who = quote(user, safe="") + (":" + quote(password, safe="") if password else "")
    rest = urlencode(parts, quote_via=quote, safe="")
    return f"postgresql+psycopg://{who}{'@' if who else ''}/{quote(dbname)}?{rest}"
