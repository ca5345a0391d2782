"""The timer ends what is overdue and goes on, whatever stands among it that it cannot end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest

from tests.kit.hypervisor import LARGE
from tests.kit.region import NewRegion, Region, regions, until

STRAY = """
INSERT INTO outbox (operation, position, ask, host, server, vcpus, memory_mib, deadline)
VALUES (%(operation)s, 1, %(ask)s, 'host-1', %(server)s, 1, 1, now() - %(late)s)
"""
AS_BEFORE = {"instances": 1, "cores": 2, "ram": 4096}


@pytest.fixture
def new_region(database: str) -> Iterator[NewRegion]:
    with regions(database) as new:
        yield new


def _stray(region: Region, ask: str) -> None:
    """A message of another version of the program, the first to be overdue."""
    values = {"operation": uuid4(), "ask": ask, "server": uuid4(), "late": timedelta(hours=1)}
    with psycopg.connect(region.dsn, autocommit=True) as sql:
        sql.execute(STRAY, values)


@pytest.mark.parametrize("ask", ["snapshot", "reconfigure"], ids=["unreadable", "about nothing"])
def test_a_message_that_it_cannot_end_keeps_no_other_open(new_region: NewRegion, ask: str) -> None:
    region = new_region(operation_seconds=0.5).leading()
    _stray(region, ask)
    server = region.adopted()
    for _ in range(2):  # it is there the next time as well
        assert region.ended(region.scaling(server, LARGE))["state"] == "failed"
    assert region.used() == AS_BEFORE


def test_a_stray_snapshot_does_not_end_the_timer(new_region: NewRegion) -> None:
    region = new_region(operation_seconds=0.5).leading()
    _stray(region, "snapshot")
    with psycopg.connect(region.dsn, autocommit=True) as sql:
        sql.execute(
            "INSERT INTO idempotency_keys (owner, key, fingerprint, position, reply, at)"
            " VALUES ('wei', 'old', '', 1, '{}', now() - interval '3 days')"
        )
        count = "SELECT count(*) FROM idempotency_keys"
        until(lambda: sql.execute(count).fetchone() == (0,))
    assert region.process._timer._thread.is_alive()
