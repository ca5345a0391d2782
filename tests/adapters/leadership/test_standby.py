"""With a real standby: it is never led, and what may not be on it is not acknowledged."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

import migrations
from adapters.connections import connect
from adapters.demo.postgres.postgres import EmbeddedPostgres
from adapters.eventlog.writer import Writer
from adapters.leadership import lock
from tests.adapters.leadership.facts import fact
from tests.kit.region import until
from tests.kit.standby import set_synchronous, standby_of

pytestmark = [pytest.mark.takes(10), pytest.mark.xdist_group("standby")]

WAITING = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'"


class Servers:
    """The primary and its standby."""

    def __init__(self, primary: EmbeddedPostgres, standby: EmbeddedPostgres) -> None:
        self.primary, self.standby = primary, standby

    def asked(self, sql: str) -> list[Any]:
        with psycopg.connect(self.primary.dsn, autocommit=True) as connection:
            return connection.execute(sql.encode()).fetchall()


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    with tempfile.TemporaryDirectory(prefix="ullage-standby-") as name:
        folder = Path(name)
        with EmbeddedPostgres(folder / "primary") as primary:
            migrations.apply(primary.dsn)
            with standby_of(primary, folder / "standby") as standby:
                yield Servers(primary, standby)
        for one in (primary, standby):
            shutil.rmtree(one.folder, ignore_errors=True)


@pytest.fixture
def writer(servers: Servers) -> Iterator[Writer]:
    one = Writer(servers.primary.dsn)
    assert one.acquire()
    yield one
    one.release()


def test_h1_on_a_standby_nobody_takes_the_lead(servers: Servers) -> None:
    """Its advisory locks are its own: it gave the lock to anybody."""
    with connect(servers.standby.dsn) as there, connect(servers.primary.dsn) as here:
        assert (lock.taken(there), lock.taken(here)) == (False, True)


def test_h1_of_several_hosts_the_one_that_may_be_written_to_is_taken(servers: Servers) -> None:
    both = [
        psycopg.conninfo.conninfo_to_dict(one.dsn) for one in (servers.standby, servers.primary)
    ]
    hosts = ",".join(str(one["host"]) for one in both)
    with connect(f"user=postgres dbname=postgres port=5432 host={hosts}") as connection:
        found = connection.execute("SELECT pg_is_in_recovery()").fetchone()
    assert found == (False,)


def test_h4_a_commit_whose_wait_for_the_standby_is_cancelled_is_of_unknown_outcome(
    servers: Servers, writer: Writer
) -> None:
    """PostgreSQL answers it as done, and warns. Another term begins only where that is durable."""
    set_synchronous(servers.primary, "*")
    until(lambda: servers.asked("SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'"))
    servers.standby.stop()
    try:
        with ThreadPoolExecutor(1) as callers:
            written = callers.submit(writer.write, [fact()], datetime.now(UTC))
            until(lambda: servers.asked(WAITING))
            servers.asked(f"SELECT pg_cancel_backend({servers.asked(WAITING)[0][0]})")
            assert "synchronous" in str(written.exception())
            begun = callers.submit(writer.acquire)
            until(lambda: servers.asked(WAITING))
            assert not begun.done()
            servers.standby.start()
            assert begun.result() is True
    finally:
        servers.standby.start()
        set_synchronous(servers.primary, "")
    assert writer.position == 1
