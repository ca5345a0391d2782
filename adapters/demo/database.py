"""The demo's database: a new one, or one that was named; and in it the tokens of who calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from itertools import chain, count
from pathlib import Path
from typing import LiteralString

import msgspec
import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from adapters import schema, tokens
from adapters.demo.postgres.postgres import EmbeddedPostgres, NotStarted
from adapters.tokens import Role

_DATABASE = "ullage"
_KNOWN: LiteralString = "SELECT FROM pg_database WHERE datname = %(name)s"

Say = Callable[[str], None]


class CannotRun(Exception):
    """The demo cannot run as asked; the text says why, and what helps."""


class TokenNames(msgspec.Struct, frozen=True, kw_only=True):
    """The tokens of who calls: an operator, an auditor, and a member of the project."""

    operator: str
    auditor: str
    member: str
    relay: str


@contextmanager
def migrated(dsn: str | None, folder: Path, say: Say) -> Iterator[str]:
    """The DSN of the database that was named, or of a new one, with the present schema."""
    with nullcontext(dsn) if dsn else postgres(folder, say) as found:
        schema.bring_up(found)
        yield found


@contextmanager
def postgres(folder: Path, say: Say) -> Iterator[str]:
    """A PostgreSQL in the folder, and on it a new database: its guest is a new one, too."""
    say("Starting PostgreSQL")
    try:
        with EmbeddedPostgres(folder) as running:
            if running.notice:
                say(f"{running.notice}.")
            with psycopg.connect(running.dsn, autocommit=True) as connection:
                name = sql.Identifier(_DATABASE)
                if connection.execute(_KNOWN, {"name": _DATABASE}).rowcount:
                    say("The earlier demo's database is dropped: this one begins with a new one")
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(name))
                connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
            yield make_conninfo(running.dsn, dbname=_DATABASE)
    except NotStarted as e:
        raise CannotRun(f"PostgreSQL does not start: {e}") from e


def number(dsn: str) -> int:
    """The first whose project has no history yet: in a new database the first of all."""
    return next(
        n for n in count(1) if not knows(dsn, "quota:demo" if n == 1 else f"quota:demo-{n}")
    )


def knows(dsn: str, stream: str) -> bool:
    with psycopg.connect(dsn) as connection:
        return connection.execute("SELECT FROM facts WHERE stream = %s", (stream,)).rowcount > 0


@contextmanager
def tokens_for(dsn: str, project: str) -> Iterator[TokenNames]:
    """Good for as long as the demo runs."""
    taken = {name for name, *_ in tokens.listed(dsn)}
    made: list[str] = []

    def make(wish: str, role: Role, project: str | None = None) -> str:
        free = next(n for n in chain([wish], (f"{wish}-{i}" for i in count(2))) if n not in taken)
        made.append(free)
        return tokens.create(dsn, name=free, role=role, project=project)

    try:
        yield TokenNames(
            operator=make("operator", "admin"),
            auditor=make("auditor", "auditor"),
            member=make("ada", "member", project),
            relay=make("relay", "service"),
        )
    finally:
        for name in made:
            tokens.revoke(dsn, name)
