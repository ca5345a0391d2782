"""A relay carries out what a fact asks for, and nothing that somebody wrote into the outbox."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from tests.kit.hypervisor import LARGE, SMALL
from tests.kit.region import HOST, NewRegion, Region, until

FORGED = """
INSERT INTO outbox (operation, position, ask, host, server, vcpus, memory_mib, deadline)
VALUES (
    %(operation)s, %(position)s, 'delete', %(host)s, %(server)s, 0, 0, now() + interval '1 hour'
)
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
