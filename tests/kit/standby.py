"""A standby of a PostgreSQL: a copy that follows it, and may be read and not written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from adapters.demo.postgres.postgres import EmbeddedPostgres
from adapters.demo.postgres.postgres_place import prepare

_PATIENCE = 120.0


@contextmanager
def standby_of(primary: EmbeddedPostgres, folder: Path) -> Iterator[EmbeddedPostgres]:
    """One that streams, started; its files go to ``folder``."""
    place = prepare(folder)
    host = str(conninfo_to_dict(primary.dsn)["host"])
    copy = ["-h", host, "-U", "postgres", "-D", str(place.folder / "data")]
    how = ["--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast"]
    made = place.launch(str(place.binaries / "pg_basebackup"), *copy, *how)
    assert made.wait(_PATIENCE) == 0, place.last_words()
    with EmbeddedPostgres(folder) as standby:
        yield standby


def set_synchronous(primary: EmbeddedPostgres, names: str) -> None:
    """Have commits wait for these standbys; "": for none."""
    with psycopg.connect(primary.dsn, autocommit=True) as sql:
        sql.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{names}'")
        sql.execute("SELECT pg_reload_conf()")
