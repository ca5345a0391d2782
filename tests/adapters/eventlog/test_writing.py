"""A batch is written by the one writer, as a whole or not at all."""

from __future__ import annotations

from uuid import UUID

import msgspec
import psycopg
import pytest
from eventsourcing.persistence import PersistenceError
from msgspec.structs import replace

from adapters.eventlog import chain
from adapters.eventlog.store import EventLog
from commands.engine.store import Answer, Key, KeyTaken, WriterLost
from domain.quota import QuotaChanged
from tests.adapters.eventlog.batches import batch, decided, rows, taken, write
from tests.adapters.eventlog.conftest import NewLog
from tests.commands.kit.small_commands import cores
from tests.commands.scaling.test_scale_server import scale
from tests.commands.servers.test_adopt_server import ADOPT_WITH_CEILING
from tests.kit.examples import ADOPTED, LARGE, OTHER_SERVER, PROJECT, requested

QUOTA = "quota:demo"
SET = QuotaChanged(project=PROJECT, was={}, limits={"cores": 7})
KEY, ANSWER = Key("wei", "k"), Answer(position=1, reply=b'{"a":1}', fingerprint=b"\x00f")
TABLES = (
    "facts",
    "idempotency_keys",
    "snapshots",
    "outbox",
    "lanes",
    "quota_usage",
    "quota_limits",
    "quota_classes",
)


def everything(sql: psycopg.Connection) -> dict[str, object]:
    return {table: rows(sql, f"SELECT * FROM {table} ORDER BY 1") for table in TABLES}  # noqa: S608


def backend(sql: psycopg.Connection) -> int:
    """The process that holds the log."""
    query = (
        "SELECT pid FROM pg_locks JOIN pg_database d ON d.oid = database "
        "WHERE locktype = 'advisory' AND granted AND datname = current_database()"
    )
    ((pid,),) = rows(sql, query)
    assert isinstance(pid, int)
    return pid


def kill(sql: psycopg.Connection, pid: int) -> None:
    assert rows(sql, f"SELECT pg_terminate_backend({pid}, 10000)") == [(True,)]


def test_only_one_writer_holds_the_log(log: EventLog, new_log: NewLog) -> None:
    other = new_log()
    assert other.acquire() is None
    with pytest.raises(WriterLost):
        other.append(batch(1, (QUOTA, 1, SET)))
    assert log.head() == 0
    log.append(batch(1, (QUOTA, 1, SET)))
    assert other.acquire() is None


def test_the_log_is_free_again_when_its_writers_backend_is_gone(
    log: EventLog, new_log: NewLog, sql: psycopg.Connection
) -> None:
    log.append(batch(1, (QUOTA, 1, SET)))
    kill(sql, backend(sql))
    other = new_log()
    assert other.acquire() == 1
    with pytest.raises(WriterLost):
        log.ping()
    with pytest.raises(WriterLost):
        log.append(batch(2, (QUOTA, 2, SET)))
    assert log.acquire() is None
    other.append(batch(2, (QUOTA, 2, SET)))
    assert [fact.position for fact in other.facts(0, 10)] == [1, 2]


def test_the_log_can_be_given_up_and_taken_again(log: EventLog, new_log: NewLog) -> None:
    log.append(batch(1, (QUOTA, 1, SET)))
    log.release()
    assert taken(new_log()) == 1
    assert log.acquire() is None


def test_a_writer_that_lives_answers_a_ping(log: EventLog) -> None:
    log.ping()
    log.release()
    with pytest.raises(WriterLost):
        log.ping()


def test_facts_come_back_as_they_were_written_in_order(log: EventLog) -> None:
    written = [
        *write(log, ADOPT_WITH_CEILING).facts,
        *write(log, scale(LARGE), cores(20)).facts,
    ]
    assert log.facts(0, 100) == written
    assert [fact.position for fact in written] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert log.facts(2, 3) == written[2:5]
    assert log.facts(8, 10) == []
    assert log.head() == 8


def test_an_empty_log_begins_at_0(log: EventLog) -> None:
    assert (log.head(), log.facts(0, 10)) == (0, [])


def test_a_taken_key_leaves_nothing_of_its_batch(log: EventLog, sql: psycopg.Connection) -> None:
    log.append(batch(1, (QUOTA, 1, SET), answers={KEY: ANSWER}))
    before = everything(sql)
    new = Key("wei", "new")
    with pytest.raises(KeyTaken):
        log.append(batch(2, (QUOTA, 2, SET), answers={new: ANSWER, KEY: ANSWER}))
    assert everything(sql) == before
    log.append(batch(2, (QUOTA, 2, SET), answers={new: ANSWER}))
    assert chain.verify(log.recorder.chained())[::2] == (2, None)


def test_a_batch_that_one_table_rejects_leaves_nothing(
    log: EventLog, sql: psycopg.Connection
) -> None:
    write(log, ADOPT_WITH_CEILING)
    before = everything(sql)
    server = f"server:{OTHER_SERVER}"
    too_much = requested(replace(LARGE, vcpus=2**40))
    with pytest.raises(PersistenceError) as refused:
        log.append(batch(5, (QUOTA, 2, SET), (server, 1, too_much), answers={KEY: ANSWER}))
    assert not isinstance(refused.value, WriterLost)
    assert everything(sql) == before
    log.append(batch(5, (QUOTA, 2, SET)))
    assert chain.verify(log.recorder.chained())[::2] == (5, None)


def test_a_text_that_postgresql_cannot_hold_leaves_nothing_and_the_writer_goes_on(
    log: EventLog, sql: psycopg.Connection
) -> None:
    before = everything(sql)
    with pytest.raises(PersistenceError):
        log.append(batch(1, ("quota:a\0b", 1, SET)))
    assert everything(sql) == before
    log.append(batch(1, (QUOTA, 1, SET)))
    assert log.head() == 1


@pytest.mark.parametrize(
    ("position", "version"), [(1, 2), (2, 1), (1, 1)], ids=["position", "version", "both"]
)
def test_a_stale_writer_overwrites_nothing(
    log: EventLog, sql: psycopg.Connection, position: int, version: int
) -> None:
    """Another session writes what should not be possible while the lock is held."""
    sql.execute(
        "INSERT INTO facts VALUES (%s, %s, %s, now(), 'eve', %s, 'quota.changed', '{}', '')",
        (position, QUOTA, version, UUID(int=0)),
    )
    before = everything(sql)
    with pytest.raises(WriterLost):
        log.append(batch(1, (QUOTA, 1, SET), ("server:x", 1, ADOPTED), answers={KEY: ANSWER}))
    assert everything(sql) == before
    with pytest.raises(WriterLost):
        log.ping()
    assert taken(log) == position


def test_a_lost_batch_is_known_to_be_written_or_not(log: EventLog) -> None:
    first = batch(1, (QUOTA, 1, SET), ("server:x", 1, ADOPTED))
    assert not log.committed(first)
    log.append(first)
    assert log.committed(first)
    assert not log.committed(batch(3, (QUOTA, 2, SET)))


def test_anothers_facts_in_its_place_are_not_a_lost_batch(log: EventLog) -> None:
    log.append(batch(1, (QUOTA, 1, SET)))
    assert not log.committed(batch(1, (QUOTA, 1, SET), because=UUID(int=0xD)))
    assert not log.committed(batch(1, ("quota:other", 1, SET)))


def test_a_lost_batch_of_answers_alone_is_known_by_the_answers(log: EventLog) -> None:
    answers = batch(1, answers={KEY: ANSWER, Key("ana", "k"): ANSWER})
    assert not log.committed(answers)
    log.append(answers)
    assert log.committed(answers)


def test_an_older_answer_under_the_key_is_not_the_lost_batch(log: EventLog) -> None:
    log.append(batch(1, answers={KEY: ANSWER}))
    another = Answer(position=1, reply=b"{}", fingerprint=b"g")
    assert not log.committed(batch(1, answers={KEY: another}))
    assert not log.committed(batch(1, answers={KEY: ANSWER, Key("wei", "new"): ANSWER}))


def test_answers_are_found_by_owner_and_key(log: EventLog) -> None:
    other = Answer(position=2, reply=b'{"\xc3\xa9":[1.5,null]}', fingerprint=b"")
    log.append(batch(1, answers={KEY: ANSWER, Key("ana", "k"): other}))
    asked = [KEY, Key("ana", "k"), Key("ana", "l"), Key("bob", "k")]
    assert log.answers(asked) == {KEY: ANSWER, Key("ana", "k"): other}
    assert log.answers([]) == {}


def test_a_commands_answer_is_kept_with_its_facts(log: EventLog) -> None:
    written = write(log, cores(9), key="mine")
    kept = log.answers([Key("wei", "mine")])
    assert (
        kept
        == written.answers
        == {
            Key("wei", "mine"): Answer(
                position=1,
                reply=b'{"project":"demo","limits":{"cores":9},"version":1,"user":""}',
                fingerprint=b"f",
            )
        }
    )


def test_relays_are_woken_once_a_batch_that_asks_something_of_them(
    log: EventLog, sql: psycopg.Connection
) -> None:
    sql.execute("LISTEN ullage_outbox")
    write(log, cores(9))
    write(log, ADOPT_WITH_CEILING)
    write(log, scale(to=LARGE))
    # Notifications come in order: had the first two batches woken anybody, there would be three.
    sql.execute("NOTIFY ullage_outbox, 'the end'")
    heard = [n.payload for n in sql.notifies(timeout=30, stop_after=2)]
    assert heard == ["", "the end"]


def test_bodies_are_kept_byte_by_byte_and_shown_as_json(
    log: EventLog, sql: psycopg.Connection
) -> None:
    log.append(batch(1, (QUOTA, 1, SET)))
    ((body,),) = rows(sql, "SELECT body FROM facts")
    assert body.encode() == msgspec.json.encode(SET)
    ((shown,),) = rows(sql, "SELECT body FROM facts_as_json")
    assert shown == msgspec.to_builtins(SET)


def test_an_empty_batch_writes_nothing(log: EventLog, sql: psycopg.Connection) -> None:
    before = everything(sql)
    assert log.recorder.insert_events([]) == []
    assert everything(sql) == before


def test_an_unreachable_database_is_a_lost_writer(log: EventLog, sql: psycopg.Connection) -> None:
    kill(sql, backend(sql))
    with pytest.raises(WriterLost):
        log.append(decided(log, 0, cores(1)))
    assert taken(log) == 0
    assert write(log, cores(1)).facts[0].position == 1
