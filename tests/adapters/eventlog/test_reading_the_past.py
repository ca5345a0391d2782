"""The log tells what a stream had come to at any position, and at which position a moment is."""

from __future__ import annotations

from datetime import datetime, timedelta

import psycopg
import pytest
from msgspec.structs import replace

from adapters.eventlog.reader import LogReader
from adapters.eventlog.store import EventLog
from commands.engine.decision_batch import SNAPSHOT_EVERY
from domain.quota import ProjectQuota, QuotaChanged
from domain.server import Server
from tests.adapters.eventlog.batches import batch, write
from tests.adapters.eventlog.conftest import Pool
from tests.adapters.eventlog.test_loading import QUOTA, fully_folded, write_long
from tests.commands.kit.small_commands import cores
from tests.commands.servers.test_adopt_server import ADOPT_WITH_CEILING
from tests.kit.examples import NOON, PROJECT, SERVER

LENGTH = SNAPSHOT_EVERY * 3 + 7


@pytest.fixture
def reader(pool: Pool) -> LogReader:
    return LogReader(pool)


@pytest.mark.parametrize(
    "position",
    [1, SNAPSHOT_EVERY, SNAPSHOT_EVERY * 3 - 1, SNAPSHOT_EVERY * 3, SNAPSHOT_EVERY * 3 + 1, LENGTH],
)
def test_a_past_stream_is_the_fold_of_its_facts_up_to_the_position(
    log: EventLog, reader: LogReader, position: int
) -> None:
    """Whether there was a snapshot of it by then or not. Its facts set the limit to 1, 2, 3 …"""
    write_long(log, LENGTH)
    found = reader.state_at(ProjectQuota, QUOTA, position)
    assert found
    assert (found.version, found.state.limits) == (position, {"cores": position})
    assert reader.state_at(ProjectQuota, QUOTA, LENGTH + 1) == fully_folded(log)


def test_facts_before_the_nearest_milestone_are_not_read(
    log: EventLog, reader: LogReader, sql: psycopg.Connection
) -> None:
    write_long(log, LENGTH)
    sql.execute("DELETE FROM facts WHERE version < %s", (2 * SNAPSHOT_EVERY,))
    found = reader.state_at(ProjectQuota, QUOTA, 2 * SNAPSHOT_EVERY + 5)
    assert found
    assert found.state.limits == {"cores": 2 * SNAPSHOT_EVERY + 5}


def test_a_milestone_in_another_format_is_not_used(
    log: EventLog, reader: LogReader, sql: psycopg.Connection
) -> None:
    write_long(log, LENGTH)
    sql.execute("UPDATE milestones SET format = format + 1, state = 'of another time'")
    found = reader.state_at(ProjectQuota, QUOTA, LENGTH)
    assert found == fully_folded(log)


def test_a_milestone_that_no_leader_wrote_is_not_used(
    log: EventLog, reader: LogReader, sql: psycopg.Connection
) -> None:
    write_long(log, LENGTH)
    sql.execute("UPDATE milestones SET state = replace(state, '00', '99')")
    found = reader.state_at(ProjectQuota, QUOTA, 2 * SNAPSHOT_EVERY)
    assert found
    assert found.state.limits == {"cores": 2 * SNAPSHOT_EVERY}


def test_a_stream_without_facts_up_to_the_position_was_not_there(
    log: EventLog, reader: LogReader
) -> None:
    write_long(log, 3)
    assert reader.state_at(ProjectQuota, QUOTA, 0) is None
    assert reader.state_at(Server, f"server:{SERVER}", 3) is None


def test_the_facts_of_several_streams_come_stream_by_stream(
    log: EventLog, reader: LogReader
) -> None:
    write(log, cores(20), ADOPT_WITH_CEILING)
    server = f"server:{SERVER}"
    found = [(one.stream, one.version) for one in reader.facts_at([server, QUOTA], log.head())]
    assert found == [(QUOTA, 1), (QUOTA, 2), (server, 1), (server, 2)]
    assert [one.position for one in reader.facts_at([server, QUOTA], 1)] == [1]
    assert list(reader.facts_at([], 5)) == []


def test_a_moment_stands_for_the_last_fact_that_is_not_later(
    log: EventLog, reader: LogReader
) -> None:
    """Several facts may have the same time, and for a while there may be none."""
    assert reader.position_at(NOON) == 0
    seconds = [0, 0, 1, 5, 5, 5, 9]
    for position, second in enumerate(seconds, 1):
        changed = QuotaChanged(project=PROJECT, was={}, limits={"cores": position})
        one = batch(position, (QUOTA, position, changed))
        (fact,) = one.facts
        log.append(replace(one, at=_at(second), facts=[replace(fact, at=_at(second))]))
    for second in range(-1, 11):
        last = sum(1 for one in seconds if one <= second)
        assert reader.position_at(_at(second)) == last, second


def _at(second: int) -> datetime:
    return NOON + timedelta(seconds=second)
