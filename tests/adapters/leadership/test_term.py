"""A leader has a term and a lease: who is silent is followed, whose term is over writes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import pytest
from eventsourcing.persistence import OperationalError
from psycopg.conninfo import make_conninfo

from adapters.connections import connect, meant
from adapters.eventlog.writer import Writer
from adapters.leadership import lock
from tests.adapters.leadership.facts import fact
from tests.kit.region import NewRegion, Region, regions, until

LEASE = 1.0
ROLE = "ullage_elsewhere"


@pytest.fixture
def new_region(database: str) -> Iterator[NewRegion]:
    with regions(database) as new:
        yield new


@pytest.fixture
def writer(database: str) -> Iterator[Writer]:
    one = Writer(database, name="one", lease=LEASE)
    assert one.acquire()
    yield one
    one.release()


def asked(dsn: str, sql: str) -> list[tuple[object, ...]]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        found = connection.execute(sql.encode())
        return found.fetchall() if found.description else []


def test_h6_whose_term_is_over_writes_nothing(writer: Writer, database: str) -> None:
    asked(database, "UPDATE term SET n = n + 1")
    with pytest.raises(OperationalError, match="another process leads"):
        writer.write([fact()], datetime.now(UTC))
    with pytest.raises(OperationalError, match="another process leads"):
        writer.ping()
    assert asked(database, "SELECT count(*) FROM facts") == [(0,)]


def test_each_leader_begins_a_higher_term_under_its_name(writer: Writer, database: str) -> None:
    writer.release()
    other = Writer(database, name="other", lease=LEASE)
    assert other.acquire()
    assert asked(database, "SELECT n, leader FROM term") == [(2, "other")]
    other.release()


def test_a_leader_that_is_silent_for_its_lease_loses_the_log(writer: Writer, database: str) -> None:
    other = Writer(database, name="other", lease=LEASE)
    until(other.acquire)
    assert not writer.is_current()
    with pytest.raises(Exception, match=r"terminat|closed|lost"):
        writer.write([fact()], datetime.now(UTC))
    other.write([fact()], datetime.now(UTC))
    other.release()


def test_a_leader_that_renews_its_term_keeps_the_log(writer: Writer, database: str) -> None:
    other = Writer(database, name="other", lease=LEASE)
    for _ in range(20):
        writer.ping()
        assert not other.acquire()
    assert writer.is_current()


def test_a_session_of_another_role_is_not_ended_and_that_is_said(
    writer: Writer, database: str
) -> None:
    asked(database, f"CREATE ROLE {ROLE} LOGIN")
    try:
        asked(database, f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {ROLE}")
        foreign = Writer(make_conninfo(database, user=ROLE), lease=0.01)
        until(lambda: not foreign.acquire() and foreign.unfit)
        assert "Grant pg_signal_backend" in str(foreign.unfit)
        assert writer.holds
    finally:
        asked(database, f"DROP OWNED BY {ROLE}")
        asked(database, f"DROP ROLE {ROLE}")


@pytest.mark.parametrize("durability", ["off", "local"])
def test_h4_nothing_is_written_where_commits_are_not_durable(
    new_region: NewRegion, durability: str
) -> None:
    region = new_region()
    name = psycopg.conninfo.conninfo_to_dict(region.dsn)["dbname"]
    asked(region.dsn, f"ALTER DATABASE {name} SET synchronous_commit = {durability}")
    region.start()
    until(lambda: region.get("/readyz").json()["why"])
    assert f"synchronous_commit is {durability}" in region.get("/readyz").json()["why"]
    assert region.put("/v1/projects/demo/quota", {"limits": {"cores": 1}}).status_code == 503


def test_h7_a_log_without_what_this_process_has_written_is_not_written_on(
    new_region: NewRegion,
) -> None:
    """As after a standby that lagged was promoted, or a backup was restored."""
    region = new_region().leading()
    region.limits(cores=7)
    _forget_last(region)
    until(lambda: region.get("/readyz").json()["why"])
    assert "The history has forked" in region.get("/readyz").json()["why"]
    assert region.put("/v1/projects/demo/quota", {"limits": {"cores": 8}}).status_code == 503


def _forget_last(region: Region) -> None:
    """Cut the leader off, and meanwhile take its last fact away."""
    with psycopg.connect(region.dsn) as sql:
        sql.execute("LOCK TABLE term")
        sql.execute("DELETE FROM facts WHERE position = (SELECT max(position) FROM facts)")
        sql.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("host=a,b dbname=u", "primary"),
        ("hostaddr=10.0.0.1,10.0.0.2", "primary"),
        ("postgresql://a,b/u?target_session_attrs=any", "primary"),
        ("postgresql://a,b/u?target_session_attrs=read-write", None),
        ("host=a dbname=u", None),
    ],
)
def test_h1_of_several_hosts_one_that_may_be_written_to_is_meant(
    given: str, expected: str | None
) -> None:
    assert meant(given).get("target_session_attrs") == expected


def test_the_lock_is_free_once_a_silent_session_is_ended(writer: Writer, database: str) -> None:
    assert writer.holds
    with connect(database) as other:
        until(lambda: lock.taken_from_silent(other, LEASE))
        until(lambda: lock.taken(other))
