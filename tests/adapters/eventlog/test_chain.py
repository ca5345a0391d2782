"""Every fact carries a hash over itself and its predecessor's, so no change goes unseen."""

from __future__ import annotations

from dataclasses import replace

import psycopg
import pytest
from eventsourcing.persistence import StoredEvent
from psycopg_pool import ConnectionPool

from adapters.eventlog import chain
from adapters.eventlog.chain import GENESIS, Broken
from adapters.eventlog.recorder import FactRecorder
from adapters.eventlog.store import EventLog
from adapters.eventlog.writer import Writer
from tests.adapters.eventlog.batches import taken, write
from tests.adapters.eventlog.conftest import NewLog
from tests.adapters.eventlog.stored_facts import read
from tests.commands.kit.small_commands import cores
from tests.commands.scaling.test_scale_server import scale
from tests.commands.servers.test_adopt_server import ADOPT_WITH_CEILING
from tests.kit.examples import LARGE

CHANGED = "the fact is not the one that was chained"
MISSING = "a fact is missing"


@pytest.fixture
def told(log: EventLog) -> EventLog:
    """Ten facts of three streams, in four commits."""
    write(log, ADOPT_WITH_CEILING)
    write(log, scale(LARGE))
    write(log, cores(100), cores(101))
    write(log, cores(102))
    return log


def broken(log: EventLog) -> Broken | None:
    return chain.verify(log.recorder.chained())[2]


def test_the_chain_holds_over_the_whole_log(told: EventLog) -> None:
    position, digest, break_ = chain.verify(told.recorder.chained())
    assert (position, break_) == (10, None)
    assert len(digest) == 32


def test_the_chain_of_an_empty_log_holds(log: EventLog) -> None:
    assert chain.verify(log.recorder.chained()) == (0, GENESIS, None)


def test_the_chain_goes_on_after_a_restart(told: EventLog, new_log: NewLog) -> None:
    told.release()
    after = new_log()
    assert taken(after) == 10
    write(after, cores(103))
    assert chain.verify(after.recorder.chained())[::2] == (11, None)


def test_plain_events_through_the_librarys_contract_are_chained_too(told: EventLog) -> None:
    plain = StoredEvent(originator_id="x", originator_version=1, topic="t", state=b"{}")
    assert told.recorder.insert_events([plain]) == [11]
    assert chain.verify(told.recorder.chained())[::2] == (11, None)


@pytest.mark.parametrize(
    "change",
    [
        "body = replace(body, '8192', '8193')",
        "body = body || ' '",
        "by = 'eve'",
        "at = at + interval '1 microsecond'",
        "because = gen_random_uuid()",
        "kind = 'server.scale-confirmed'",
        "stream = 'server:other'",
        "version = 30",
        "hash = sha256('forged')",
    ],
)
def test_a_changed_fact_is_found_and_named(
    told: EventLog, sql: psycopg.Connection, change: str
) -> None:
    forge = f"UPDATE facts SET {change} WHERE position = 5"  # noqa: S608 (the words above)
    assert sql.execute(forge.encode()).rowcount == 1
    assert broken(told) == Broken(5, CHANGED)


@pytest.mark.parametrize("position", [1, 4, 7])
def test_a_deleted_fact_is_found_and_named(
    told: EventLog, sql: psycopg.Connection, position: int
) -> None:
    sql.execute("DELETE FROM facts WHERE position = %s", (position,))
    assert broken(told) == Broken(position, MISSING)


def test_a_deleted_fact_is_found_though_its_place_was_taken(
    told: EventLog, sql: psycopg.Connection
) -> None:
    sql.execute("DELETE FROM facts WHERE position = 5")
    for position in range(6, 11):
        sql.execute("UPDATE facts SET position = %s - 1 WHERE position = %s", (position, position))
    assert broken(told) == Broken(5, CHANGED)


def test_swapped_facts_are_found_and_named(told: EventLog, sql: psycopg.Connection) -> None:
    sql.execute("UPDATE facts SET position = -6 WHERE position = 6")
    sql.execute("UPDATE facts SET position = 6 WHERE position = 7")
    sql.execute("UPDATE facts SET position = 7 WHERE position = -6")
    assert broken(told) == Broken(6, CHANGED)


def test_a_fact_forged_at_the_end_is_found_and_named(
    told: EventLog, sql: psycopg.Connection
) -> None:
    sql.execute(
        "INSERT INTO facts SELECT 11, stream, version + 100, at, by, because, kind, body, hash "
        "FROM facts WHERE position = 10"
    )
    assert broken(told) == Broken(11, CHANGED)


def test_a_fact_forged_with_a_fitting_hash_breaks_the_next(
    told: EventLog, sql: psycopg.Connection
) -> None:
    sql.execute("UPDATE facts SET by = 'eve' WHERE position = 5")
    forged = list(told.recorder.chained())
    digest = chain.link(forged[3][1], forged[4][0])
    sql.execute("UPDATE facts SET hash = %s WHERE position = 5", (digest,))
    assert broken(told) == Broken(6, CHANGED)


def test_a_cut_off_end_shows_in_the_last_position_and_hash(
    told: EventLog, sql: psycopg.Connection
) -> None:
    """The chain alone cannot tell: whoever noted the head before can."""
    noted = chain.verify(told.recorder.chained())
    sql.execute("DELETE FROM facts WHERE position = 10")
    position, digest, break_ = chain.verify(told.recorder.chained())
    assert (position, break_) == (9, None)
    assert digest != noted[1]


def test_the_chain_holds_in_whatever_time_zone_it_is_read(told: EventLog, database: str) -> None:
    kwargs = {"autocommit": True, "options": "-c timezone=Asia/Kathmandu"}
    pool: ConnectionPool[psycopg.Connection]
    with ConnectionPool(database, min_size=1, max_size=1, kwargs=kwargs) as pool:
        elsewhere = FactRecorder(pool, Writer(database))
        assert chain.verify(elsewhere.chained())[::2] == (10, None)


def test_no_two_facts_collide_by_where_their_fields_end() -> None:
    stored = read()[0][0]
    one = replace(stored, by="a,b", topic="c")
    other = replace(stored, by="a", topic="b,c")
    assert chain.link(GENESIS, one) != chain.link(GENESIS, other)


def test_a_fact_after_another_predecessor_has_another_hash() -> None:
    stored = read()[0][0]
    assert chain.link(GENESIS, stored) != chain.link(b"\1" * 32, stored)
