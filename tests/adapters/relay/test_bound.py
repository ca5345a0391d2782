"""A relay carries out what a fact asks for, and nothing that somebody wrote into the outbox."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from adapters.eventlog import chain
from adapters.eventlog.rows import fact_of
from commands.engine import decision_batch
from tests.kit.hypervisor import LARGE, SMALL
from tests.kit.region import HOST, NewRegion, Region, until

FORGED = """
INSERT INTO outbox (operation, position, ask, host, server, vcpus, memory_mib, deadline)
VALUES (
    %(operation)s, %(position)s, 'delete', %(host)s, %(server)s, 0, 0, now() + interval '1 hour'
)
"""
MOVED_FACT = """
UPDATE facts SET position = 1000000 WHERE kind = 'server.scale-requested'
RETURNING position, stream, version, kind, body, at, by, because
"""
ASIDE = "SELECT count(*) FROM outbox WHERE due = 'infinity'"


def change(region: Region, sql: str, **values: Any) -> None:
    with psycopg.connect(region.dsn, autocommit=True) as connection:
        connection.execute(sql.encode(), values)


def aside(region: Region) -> int:
    with psycopg.connect(region.dsn) as connection:
        row = connection.execute(ASIDE).fetchone()
    return int(row[0]) if row else 0


@pytest.fixture
def region(new_region: NewRegion) -> Region:
    return new_region().leading()


@pytest.fixture
def server(region: Region) -> UUID:
    return region.adopted()


@pytest.mark.parametrize("position", [1, 3, 10**9], ids=["another's", "an adoption's", "none"])
def test_a_deletion_that_nobody_asked_for_is_not_carried_out(
    region: Region, server: UUID, position: int, caplog: pytest.LogCaptureFixture
) -> None:
    """Written into the outbox, it deleted the server."""
    values = {"operation": uuid4(), "position": position, "host": HOST, "server": server}
    change(region, "INSERT INTO lanes (host) VALUES (%(host)s) ON CONFLICT DO NOTHING", host=HOST)
    change(region, FORGED, **values)
    with region.carried():
        until(lambda: aside(region) == 1)
        other = region.adopted()  # and the lane goes on
        assert region.ended(region.scaling(other, LARGE))["state"] == "succeeded"
    assert region.host.sizes[server] == SMALL
    assert f"delete of server {server}" in caplog.text


@pytest.mark.parametrize(
    "how",
    [
        "vcpus = 64",
        "memory_mib = 65536",
        "ask = 'delete', vcpus = 0, memory_mib = 0",
        "ask = 'restart'",
        "server = gen_random_uuid()",
        "to_host = 'host-2'",
        "details = '{}'",
        "deadline = deadline + interval '1 year'",
        "position = position - 1",
    ],
)
def test_a_message_that_was_changed_is_not_carried_out(
    region: Region, server: UUID, how: str
) -> None:
    region.scaling(server, LARGE)
    change(region, f"UPDATE outbox SET {how}")  # noqa: S608
    with region.carried():
        until(lambda: aside(region) == 1)
    assert (region.host.effects, region.host.sizes[server]) == ([], SMALL)


def test_nor_is_one_whose_fact_was_changed_with_it(region: Region, server: UUID) -> None:
    region.scaling(server, LARGE)
    change(
        region,
        "UPDATE facts SET body = jsonb_set(body::jsonb, '{to,vcpus}', '64')::text"
        " WHERE kind = 'server.scale-requested'",
    )
    change(region, "UPDATE outbox SET vcpus = 64")
    with region.carried():
        until(lambda: aside(region) == 1)
    assert region.host.effects == []


def test_what_a_fact_with_a_snapshot_asks_for_is_carried_out(
    region: Region, server: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its hash covers the digest of the snapshot, without which it was called forged."""
    monkeypatch.setattr(decision_batch, "SNAPSHOT_EVERY", 1)
    asked = region.scaling(server, LARGE)
    with region.carried():
        assert region.ended(asked)["state"] == "succeeded"
    assert aside(region) == 0


def test_a_fact_that_follows_none_asks_for_nothing(region: Region, server: UUID) -> None:
    """Chained to nothing, far beyond the head of the log, it was believed."""
    region.scaling(server, LARGE)
    with psycopg.connect(region.dsn) as connection:
        row = connection.execute(MOVED_FACT).fetchone()
        assert row
        digest = chain.link(chain.GENESIS, fact_of(row))
        connection.execute("UPDATE facts SET hash = %s WHERE position = 1000000", (digest,))
        connection.execute("UPDATE outbox SET position = 1000000")
    with region.carried():
        until(lambda: aside(region) == 1)
    assert region.host.effects == []
