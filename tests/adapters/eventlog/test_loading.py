"""However long a stream is, it is loaded from its snapshot and the few facts after it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from typing import LiteralString

import psycopg
import pytest

from adapters.eventlog import chain
from adapters.eventlog.store import EventLog
from commands.command import Stream
from commands.engine.aggregate_cache import AggregateCache
from commands.engine.answers import Answers
from commands.engine.decision_batch import SNAPSHOT_EVERY, DecisionBatch
from commands.engine.request import Request
from domain.quota import ProjectQuota, QuotaEvent
from domain.quota.quota_class import QuotaClass
from domain.server import Server
from tests.adapters.eventlog.batches import BECAUSE, rows, write
from tests.commands.engine.test_aggregate_cache import limited
from tests.commands.kit.small_commands import cores
from tests.commands.scaling.test_scale_server import scale
from tests.commands.servers.test_adopt_server import ADOPT_WITH_CEILING
from tests.kit.examples import LARGE, NOON, SERVER

QUOTA = "quota:demo"
BATCH = 500


def write_long(log: EventLog, length: int) -> None:
    """As the sequencer would, with the aggregate in memory all the while."""
    memory = AggregateCache(log, bound=10)
    for begin in range(0, length, BATCH):
        round_ = DecisionBatch(memory, Answers(bound=10), at=NOON, position=begin)
        round_.decide(_requests(range(begin + 1, min(begin + BATCH, length) + 1)))
        log.append(round_.batch())


def _requests(limits: range) -> Iterator[Request]:
    for limit in limits:
        yield Request(cores(limit), by="wei", because=BECAUSE, future=Future())


def fully_folded(log: EventLog) -> Stream[ProjectQuota]:
    """From all facts, of which every one is the quota's."""
    quota, version = ProjectQuota(), 0
    while facts := log.facts(version, 5000):
        for fact in facts:
            assert isinstance(fact.event, QuotaEvent)
            quota, version = quota.after(fact.event), fact.version
    return Stream(QUOTA, version, quota)


def test_a_stream_without_facts_is_not_found(log: EventLog) -> None:
    assert log.load(Server, f"server:{SERVER}") is None


def test_each_stream_is_folded_from_its_own_facts(log: EventLog) -> None:
    write(log, ADOPT_WITH_CEILING)
    write(log, scale(LARGE), cores(20))
    server = log.load(Server, f"server:{SERVER}")
    quota = log.load(ProjectQuota, QUOTA)
    assert server
    assert (server.version, server.state.size, server.state.claimed()["cores"]) == (
        3,
        ADOPT_WITH_CEILING.size,
        LARGE.vcpus,
    )
    assert quota == Stream(
        QUOTA,
        3,
        ProjectQuota(limits={"cores": 20}, used={"instances": 1, "cores": 4, "ram": 8192}),
    )
    assert log.load(QuotaClass, "quota-class:default") is None


@pytest.fixture
def long(log: EventLog) -> EventLog:
    write_long(log, 20_000)
    return log


def test_a_stream_of_20000_facts_is_loaded_from_its_snapshot_and_its_tail(
    long: EventLog, sql: psycopg.Connection
) -> None:
    full = fully_folded(long)
    assert (full.version, full.state.limits) == (20_000, {"cores": 20_000})
    assert long.load(ProjectQuota, QUOTA) == full
    ((version,),) = rows(sql, "SELECT version FROM snapshots")
    assert 20_000 - version < SNAPSHOT_EVERY
    # What stands before the snapshot is not even looked at.
    sql.execute("UPDATE facts SET body = 'not to be read' WHERE version <= %s", (version,))
    assert long.load(ProjectQuota, QUOTA) == full


def test_facts_after_a_snapshot_are_folded_in(log: EventLog, sql: psycopg.Connection) -> None:
    write_long(log, SNAPSHOT_EVERY + 7)
    assert rows(sql, "SELECT stream, version, format, state FROM snapshots") == [
        (QUOTA, SNAPSHOT_EVERY, 2, limited(200).decode())
    ]
    loaded = log.load(ProjectQuota, QUOTA)
    assert loaded == fully_folded(log)
    assert loaded
    assert loaded.state.limits == {"cores": SNAPSHOT_EVERY + 7}


def test_a_snapshot_in_another_format_is_passed_over(
    log: EventLog, sql: psycopg.Connection
) -> None:
    write_long(log, SNAPSHOT_EVERY + 7)
    sql.execute("UPDATE snapshots SET format = format + 1, state = 'of another time'")
    assert log.load(ProjectQuota, QUOTA) == fully_folded(log)


@pytest.mark.parametrize(
    ("length", "forge"),
    [
        (SNAPSHOT_EVERY, "UPDATE snapshots SET state = replace(state, '200', '900')"),
        (SNAPSHOT_EVERY + 7, "UPDATE snapshots SET version = version + 7"),
        (SNAPSHOT_EVERY + 7, "UPDATE snapshots SET version = version + 1000"),
    ],
    ids=["another state", "another fact's", "no fact's"],
)
def test_a_snapshot_that_no_leader_wrote_is_not_used(
    log: EventLog,
    sql: psycopg.Connection,
    caplog: pytest.LogCaptureFixture,
    length: int,
    forge: LiteralString,
) -> None:
    """No fact after it says again what was forged."""
    write_long(log, length)
    full = fully_folded(log)
    assert sql.execute(forge).rowcount == 1
    assert log.load(ProjectQuota, QUOTA) == full
    assert f"The snapshot of {QUOTA} at version" in caplog.text


def test_a_sealed_snapshot_is_used_without_a_word(
    log: EventLog, caplog: pytest.LogCaptureFixture
) -> None:
    write_long(log, SNAPSHOT_EVERY + 7)
    log.load(ProjectQuota, QUOTA)
    assert caplog.text == ""


def test_the_chain_covers_what_vouches_for_a_snapshot(
    log: EventLog, sql: psycopg.Connection
) -> None:
    write_long(log, SNAPSHOT_EVERY + 7)
    assert chain.verify(log.recorder.chained())[2] is None
    sql.execute("UPDATE snapshots SET state = replace(state, '200', '900')")
    sql.execute(
        "UPDATE facts SET snapshot = (SELECT sha256(convert_to(format || ':' || state, 'UTF8')) "
        "FROM snapshots) WHERE snapshot <> ''"
    )
    broken = chain.verify(log.recorder.chained())[2]
    assert broken
    assert broken.position == SNAPSHOT_EVERY


def test_a_snapshot_passed_over_is_replaced_by_the_next(
    log: EventLog, sql: psycopg.Connection
) -> None:
    write_long(log, SNAPSHOT_EVERY)
    sql.execute("UPDATE snapshots SET format = 0, state = 'of another time'")
    for begin in range(SNAPSHOT_EVERY, 2 * SNAPSHOT_EVERY, 50):
        write(log, *[cores(n) for n in range(begin + 1, begin + 51)])
    assert rows(sql, "SELECT version, format, state FROM snapshots") == [
        (2 * SNAPSHOT_EVERY, 2, limited(400).decode())
    ]
