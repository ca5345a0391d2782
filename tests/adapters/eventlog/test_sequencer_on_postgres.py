"""The sequencer on PostgreSQL: whatever happens to its connection, nothing is lost or twice."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import psycopg
import pytest

from adapters.eventlog import chain
from adapters.eventlog.store import EventLog
from commands.engine.given import Bounds, Clocks, Hooks
from commands.engine.request import KeyReused, NotLeader, Unavailable
from commands.engine.sequencer import Sequencer
from commands.engine.store import Answer
from domain.quota import QuotaChanged
from tests.adapters.eventlog.batches import rows
from tests.commands.kit.small_commands import cores

# Everybody's connection but one's own: the writer's and the readers'.
CUT_OFF = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
COMMANDS, CALLERS, CUTS = 600, 32, 4


@pytest.fixture
def taken() -> list[int]:
    """Where the log ended, each time it was taken."""
    return []


@pytest.fixture
def sequencer(log: EventLog, taken: list[int]) -> Iterator[Sequencer]:
    clocks = Clocks(now=lambda: datetime.now(UTC), elapsed=time.monotonic)
    bounds = Bounds(idle=0.01, retry=0.01, recovery=60.0, batch=8)
    sequencer = Sequencer(log, clocks, Hooks(lead=taken.append), bounds)
    sequencer.start()
    yield sequencer
    sequencer.stop()


async def ask(sequencer: Sequencer, n: int, body: bytes = b"same") -> Answer:
    """Until there is an answer, as a careful client does."""
    while True:
        try:
            return await sequencer.ask(
                cores(n, project=f"p{n % 7}"),
                by="wei",
                because=UUID(int=n),
                key=f"key-{n}",
                fingerprint=body,
            )
        except (Unavailable, NotLeader):
            await asyncio.sleep(0)


async def under_fire(sequencer: Sequencer, sql: psycopg.Connection) -> dict[int, Answer]:
    """All commands asked by many callers, while the connections are cut again and again."""
    answers: dict[int, Answer] = {}
    ahead = iter(range(1, COMMANDS + 1))

    async def caller() -> None:
        for n in ahead:
            answers[n] = await ask(sequencer, n)
            if n % (COMMANDS // CUTS) == 0:
                sql.execute(CUT_OFF)  # holds this loop up: nobody asks on before it is done

    await asyncio.gather(*[caller() for _ in range(CALLERS)])
    return answers


def test_every_command_is_recorded_once_and_answered_however_often_the_connection_is_cut(
    log: EventLog, sequencer: Sequencer, taken: list[int], sql: psycopg.Connection
) -> None:
    answers = asyncio.run(under_fire(sequencer, sql))
    facts = log.facts(0, 2 * COMMANDS)
    assert len(taken) > 1
    assert [fact.position for fact in facts] == list(range(1, COMMANDS + 1))
    assert {fact.because.int: fact.position for fact in facts} == {
        n: answer.position for n, answer in answers.items()
    }
    assert chain.verify(log.recorder.chained())[::2] == (COMMANDS, None)
    for project in range(7):
        of_project = [f for f in facts if f.stream == f"quota:p{project}"]
        assert [f.version for f in of_project] == list(range(1, len(of_project) + 1))
        assert all(isinstance(f.event, QuotaChanged) for f in of_project)


def test_after_a_cut_an_old_key_still_gets_its_old_answer(
    log: EventLog, sequencer: Sequencer, sql: psycopg.Connection
) -> None:
    first = asyncio.run(ask(sequencer, 1))
    sql.execute(CUT_OFF)
    assert asyncio.run(ask(sequencer, 1)) == first
    with pytest.raises(KeyReused):
        asyncio.run(ask(sequencer, 1, b"another"))
    assert log.head() == 1
    assert rows(sql, "SELECT owner, key FROM idempotency_keys") == [("wei", "key-1")]
