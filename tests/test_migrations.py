"""The schema comes to be once, whoever starts at the same time, and whoever died while at it."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psycopg

import migrations
from adapters.demo.postgres.postgres import EmbeddedPostgres

ALL = sorted(path.stem for path in Path(migrations.__file__).parent.glob("*.sql"))


def test_several_that_start_at_once_take_turns(empty_database: str) -> None:
    with ThreadPoolExecutor(3) as starting:
        applied = list(starting.map(migrations.apply, [empty_database] * 3))
    assert sorted(applied) == [[], [], ALL]
    assert len(ALL) > 1


def test_a_runner_that_died_holds_nobody_up(empty_database: str) -> None:
    migrations.apply(empty_database)
    with psycopg.connect(empty_database, autocommit=True) as connection:
        connection.execute("INSERT INTO yoyo_lock (locked, ctime, pid) VALUES (1, now(), 1)")
    assert migrations.apply(empty_database) == []


def test_no_start_leaves_an_error_in_the_log_of_postgresql(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path / "own") as own:
        for _ in ("the first start", "one that finds everything there"):
            migrations.apply(own.dsn)
        with psycopg.connect(own.dsn) as connection, suppress(psycopg.Error):
            connection.execute("SELECT provoked")  # an error is seen in this log
        errors = [line for line in _lines(own.folder / "server.log") if "ERROR" in line]
    shutil.rmtree(own.folder, ignore_errors=True)  # as root it may lie elsewhere
    assert len(errors) == 1, errors
    assert "provoked" in errors[0]


def _lines(log: Path) -> list[str]:
    return log.read_text().splitlines()
