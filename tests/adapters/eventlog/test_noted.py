"""A log is held against an end of it that was noted outside of the database."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from adapters.audit import audit
from adapters.connections import connect
from adapters.eventlog import chain
from adapters.eventlog.noted import NotedHead
from adapters.eventlog.rows import chained
from tests.kit.region import Region, regions

SEEN = ("facts", "projections", "history", "idempotency_keys", "quota_usage", "limits", "outbox")

_FORGE = "UPDATE facts SET by = 'nobody' WHERE position = (SELECT max(position) FROM facts)"


@pytest.fixture
def region(database: str) -> Iterator[Region]:
    with regions(database) as new:
        region = new().leading()
        region.limits(cores=9)
        yield region


def noted(region: Region) -> NotedHead:
    report = audit(region.dsn)
    return NotedHead.read(f"{report.position}:{report.last_hash}")


def test_a_log_that_went_on_has_what_was_noted(region: Region) -> None:
    head = noted(region)
    region.limits(cores=10)
    assert audit(region.dsn, head).sound


def test_a_log_that_was_rewritten_has_not(region: Region) -> None:
    """With hashes that fit, which anybody can compute who writes into the database."""
    head = noted(region)
    _rewrite(region.dsn)
    assert audit(region.dsn).broken is None
    broken = audit(region.dsn, head).broken
    assert broken
    assert (broken.position, "rewritten" in broken.why) == (head.position, True)


def test_a_log_that_was_wiped_has_not(region: Region) -> None:
    head = noted(region)
    region.stop()
    with psycopg.connect(region.dsn, autocommit=True) as sql:
        for table in SEEN:
            if sql.execute("SELECT to_regclass(%s)", (table,)).fetchone() != (None,):
                sql.execute(f"TRUNCATE {table}".encode())
    broken = audit(region.dsn, head).broken
    assert broken
    assert "does not reach" in broken.why


@pytest.mark.parametrize("head", ["12", "0:" + "a" * 64, "12:abc", ":"])
def test_what_is_no_head_is_said(head: str) -> None:
    with pytest.raises(ValueError, match="write POSITION:HASH"):
        NotedHead.read(head)


def _rewrite(dsn: str) -> None:
    """Say that somebody else wrote the last fact, and chain it anew."""
    with connect(dsn) as sql:
        sql.execute(_FORGE)
        previous = chain.GENESIS
        with sql.transaction():
            rows = list(chained(sql))
        for stored, _ in rows:
            previous = chain.link(previous, stored)
            sql.execute("UPDATE facts SET hash = %s WHERE position = %s", (previous, stored.id))
