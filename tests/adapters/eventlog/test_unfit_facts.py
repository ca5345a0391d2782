"""A fact that PostgreSQL could keep, and then never read as JSON, is refused before it is kept."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import psycopg
import pytest
from msgspec.structs import replace

from adapters.eventlog import chain
from adapters.eventlog.mapper import FactMapper
from adapters.eventlog.store import EventLog
from commands.engine.given import Bounds, Clocks, Hooks
from commands.engine.sequencer import Sequencer
from commands.engine.store import Answer
from domain.shared.events import Event
from tests.adapters.eventlog.batches import batch, rows, write
from tests.adapters.eventlog.test_mapper import fact
from tests.commands.servers.test_adopt_server import ADOPT
from tests.kit.examples import ADOPTED, DECLARED

AS_TEXT = r"\u0000 \\u0000 \" \\"
"""A backslash and letters, which is no NUL."""


@pytest.fixture
def sequencer(log: EventLog) -> Iterator[Sequencer]:
    clocks = Clocks(now=lambda: datetime.now(UTC), elapsed=time.monotonic)
    sequencer = Sequencer(log, clocks, Hooks(), Bounds(idle=0.01, retry=0.01))
    sequencer.start()
    while sequencer.role != "leading":
        pass
    yield sequencer
    sequencer.stop()


@pytest.mark.parametrize(
    "event",
    [
        replace(DECLARED, reason="a\0b"),
        replace(DECLARED, reason="\\\0"),
        replace(DECLARED, reason="\\\\\0"),
        replace(ADOPTED, spec=replace(ADOPTED.spec, hints={"a\0b": "x"})),
        replace(ADOPTED, spec=replace(ADOPTED.spec, hints={"a": '"\0'})),
    ],
)
def test_a_fact_with_a_nul_anywhere_is_refused(event: Event) -> None:
    with pytest.raises(ValueError, match="NUL"):
        FactMapper().store(fact(event))


@pytest.mark.parametrize("text", [AS_TEXT, "\\u0000", "\\\\u0000", "u0000", "0000", "\\"])
def test_text_that_only_looks_like_a_nul_is_kept_as_json(
    log: EventLog, sql: psycopg.Connection, text: str
) -> None:
    log.append(batch(1, ("server:x", 1, replace(ADOPTED, reason=text))))
    assert rows(sql, "SELECT body::jsonb ->> 'reason' FROM facts") == [(text,)]
    (read,) = log.facts(0, 10)
    assert read.event == replace(ADOPTED, reason=text)


def test_nothing_of_a_batch_with_a_nul_is_written(log: EventLog) -> None:
    unfit = replace(DECLARED, reason="\0")
    with pytest.raises(ValueError, match="NUL"):
        log.append(batch(1, ("server:x", 1, ADOPTED), ("server:x", 2, unfit)))
    assert log.head() == 0
    assert write(log, ADOPT).facts == log.facts(0, 10)


def test_other_commands_of_a_batch_with_a_nul_are_recorded(
    log: EventLog, sequencer: Sequencer
) -> None:
    async def together() -> list[Answer | BaseException]:
        asked = (
            sequencer.ask(
                replace(ADOPT, server=UUID(int=n + 1), name="a\0b" if n in {0, 7} else "web"),
                by="wei",
                because=UUID(int=n),
            )
            for n in range(10)
        )
        return await asyncio.gather(*asked, return_exceptions=True)

    outcomes = asyncio.run(together())
    assert [isinstance(one, Answer) for one in outcomes] == [n not in {0, 7} for n in range(10)]
    facts = log.facts(0, 100)
    assert {one.because.int for one in facts} == {*range(10)} - {0, 7}
    assert chain.verify(log.recorder.chained())[::2] == (len(facts), None)
