"""What callers read takes no longer than they may have it take, and nobody else waits for it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import psycopg
import pytest
from litestar.types import HTTPReceiveMessage

from adapters.http.gateway.parts.lookups import CallerGone, Lookups
from commands.engine.store import Key
from tests.adapters.http.kit.refused import assert_refused
from tests.kit.region import Answer, NewRegion, Region, until

# All threads that read for callers, and one that waits for one of them.
_READERS = 9
_WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
  AND wait_event_type = 'Lock' AND query LIKE '%FROM history%'
"""


@contextmanager
def held(region: Region) -> Iterator[psycopg.Connection]:
    """History cannot be read until the connection that it yields is rolled back."""
    until(lambda: region.process.readside.saved >= region.head)
    with psycopg.connect(region.dsn) as connection:
        connection.execute("LOCK TABLE history IN ACCESS EXCLUSIVE MODE")
        yield connection
        connection.rollback()


def waiting(region: Region) -> int:
    """How many statements wait for history."""
    with psycopg.connect(region.dsn) as connection:
        row = connection.execute(_WAITING).fetchone()
    assert row
    count: int = row[0]
    return count


def history(region: Region) -> Answer:
    return region.get("/v1/history")


def hang_up(region: Region, path: str) -> None:
    """Ask for what is in history, and go when it is being read."""
    with socket.create_connection(("127.0.0.1", region.port)) as caller:
        caller.sendall(
            f"GET {path} HTTP/1.1\r\nHost: region\r\n"
            f"Authorization: Bearer {region.tokens['admin']}\r\n\r\n".encode()
        )
        until(lambda: waiting(region) == 1)


@pytest.fixture(name="patient")
def _patient(new_region: NewRegion) -> Region:
    return new_region(read_seconds=600, heavy_reads_at_once=2 * _READERS).leading()


def test_what_takes_too_long_is_ended_and_told(new_region: NewRegion) -> None:
    region = new_region(read_seconds=0.2).leading()
    with held(region):
        told = history(region)
        assert_refused(told, 503)
        assert told.json()["type"] == "urn:ullage:problem:read-too-long"
        assert told.json()["seconds"] == 0.2
        assert told.headers["retry-after"] == "1"
        until(lambda: waiting(region) == 0)
    assert history(region).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/v1/history",
        "/v1/usage",
        "/v1/server-groups?as_of=1",
        "/compute/v2.1/os-simple-tenant-usage",
    ],
)
def test_what_nobody_waits_for_is_ended(patient: Region, path: str) -> None:
    with held(patient):
        hang_up(patient, path)
        until(lambda: waiting(patient) == 0)
    assert history(patient).status_code == 200


async def gone() -> HTTPReceiveMessage:
    return {"type": "http.disconnect"}


def test_what_waits_behind_others_and_is_left_is_never_begun() -> None:
    lookups, held_up, read = Lookups(threads=1, seconds=600), Event(), list[str]()

    async def asked() -> None:
        first = asyncio.create_task(lookups.run(held_up.wait, None))
        await asyncio.sleep(0)
        with pytest.raises(CallerGone):
            await lookups.run(lambda: read.append("b"), gone)
        held_up.set()
        await first
        await lookups.run(lambda: read.append("c"), gone)

    asyncio.run(asked())
    assert read == ["c"]
    lookups.close()


def test_the_region_works_on_while_all_readers_are_taken(patient: Region) -> None:
    with held(patient) as connection, ThreadPoolExecutor(_READERS) as callers:
        asked = [callers.submit(history, patient) for _ in range(_READERS)]
        until(lambda: waiting(patient) == _READERS - 1)
        patient.limits(cores=7)
        assert patient.process.log.answers([Key("nobody", "none")]) == {}
        assert patient.head > 0
        assert patient.get("/readyz").status_code == 200
        connection.rollback()
        assert {one.result().status_code for one in asked} == {200}


def test_what_callers_read_changes_nothing(patient: Region) -> None:
    with (
        patient.process._pools.reading.connection() as connection,
        pytest.raises(psycopg.errors.ReadOnlySqlTransaction),
    ):
        connection.execute("DELETE FROM history")
