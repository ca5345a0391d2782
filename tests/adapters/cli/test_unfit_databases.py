"""Databases in which a region cannot be: said by every command that begins one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import LiteralString

import psycopg
import pytest

from tests.adapters.cli.conftest import Shell
from tests.kit.postgres import Server, database
from tests.kit.region import free_port


@pytest.fixture(name="unfit", params=["LATIN1", "SQL_ASCII"])
def _unfit(postgres: Server, request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    form: dict[str, LiteralString] = {
        "LATIN1": "ENCODING 'LATIN1' LOCALE 'C'",
        "SQL_ASCII": "ENCODING 'SQL_ASCII' LOCALE 'C'",
    }
    with database(postgres, migrated=False, form=form[request.param]) as dsn:
        yield dsn, request.param


@pytest.mark.parametrize("command", ["migrate", "serve"])
def test_a_database_that_is_not_utf8_is_refused(
    shell: Shell, unfit: tuple[str, str], command: str
) -> None:
    dsn, encoding = unfit
    ended = shell(command, ULLAGE_DSN=dsn, ULLAGE_PORT=str(free_port()))
    assert ended.code != 0
    assert f"has the encoding {encoding}, and must have UTF8" in " ".join(ended.err.split())
    with psycopg.connect(dsn) as connection:
        assert connection.execute("SELECT to_regclass('facts')").fetchone() == (None,)
