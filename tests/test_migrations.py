"""The schema comes to be once, whoever starts at the same time, and whoever died while at it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg

import migrations

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
