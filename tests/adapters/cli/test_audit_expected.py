"""A log is held against an end of it that was noted outside of the database."""

from __future__ import annotations

import psycopg
import pytest

from adapters.connections import connect
from adapters.eventlog import chain
from adapters.eventlog.rows import chained
from tests.adapters.cli.conftest import Ullage
from tests.kit.region import Region


def noted(ullage: Ullage) -> str:
    """The end of the log, as it is noted outside."""
    document = ullage("audit", "verify", "--json").document
    return f"{document['position']}:{document['last_hash']}"


def test_a_log_that_went_on_has_what_was_noted(region: Region, ullage: Ullage) -> None:
    head = noted(ullage)
    region.limits(cores=10)
    assert ullage("audit", "verify", "--expect", head).code == 0


def test_a_log_that_was_rewritten_has_not(region: Region, ullage: Ullage) -> None:
    """With hashes that fit, which anybody can compute who writes into the database."""
    head = noted(ullage)
    _rewrite(region.dsn)
    assert ullage("audit", "verify").code == 0
    ended = ullage("audit", "verify", "--json", "--expect", head)
    assert ended.code == 2
    assert ended.document["broken"]["position"] == int(head.partition(":")[0])


def test_a_log_that_was_wiped_has_not(region: Region, ullage: Ullage) -> None:
    head = noted(ullage)
    region.stop()
    tables = (
        "facts, projections, history, idempotency_keys, quota_usage, servers, catalogue, outbox"
    )
    with psycopg.connect(region.dsn, autocommit=True) as sql:
        sql.execute(f"TRUNCATE {tables}".encode())
    ended = ullage("audit", "verify", "--expect", head)
    assert ended.code == 2
    assert "does not reach" in ended.out


@pytest.mark.parametrize("head", ["12", "0:" + "a" * 64, "12:abc", ":"])
def test_what_is_no_head_is_said(ullage: Ullage, head: str) -> None:
    ended = ullage("audit", "verify", "--expect", head)
    assert ended.code == 2
    assert "write POSITION:HASH" in " ".join(ended.err.split())


def _rewrite(dsn: str) -> None:
    """Say that somebody else wrote the last fact, and chain it anew."""
    with connect(dsn) as sql:
        sql.execute(
            "UPDATE facts SET by = 'nobody' WHERE position = (SELECT max(position) FROM facts)"
        )
        previous = chain.GENESIS
        with sql.transaction():
            rows = list(chained(sql))
        for stored, _ in rows:
            previous = chain.link(previous, stored)
            sql.execute("UPDATE facts SET hash = %s WHERE position = %s", (previous, stored.id))
