"""Every command of a region passes one thread, in batches, each decided on what came before it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from commands.engine.given import Bounds, Facts, Hooks
from commands.engine.request import Overloaded, Unavailable
from commands.engine.store import Answer
from commands.quotas.set_quota import SetQuota
from commands.servers.adopt_server import Adopted
from domain.quota import QuotaChanged
from domain.shared.errors import QuotaExceeded, Shortage, StaleVersion
from domain.shared.size import Size
from tests.commands.conftest import NewRegion
from tests.commands.kit.region import HOST_STREAM, QUOTA_STREAM, Ask, Outcome, Region, told
from tests.commands.kit.small_commands import Faulty, Twice, Unanswerable, cores
from tests.commands.scaling.test_scale_server import ADOPTION, limited, scale
from tests.commands.servers.test_adopt_server import ADOPT, ADOPT_ANOTHER
from tests.kit.examples import NOON, OPERATION, OTHER_SERVER, PROJECT


def limits(facts: Sequence[Any]) -> list[int]:
    """The limits that were set, one after another."""
    return [f.event.limits["cores"] for f in facts if isinstance(f.event, QuotaChanged)]


def kinds(outcomes: list[Outcome]) -> list[type]:
    return [type(outcome) for outcome in outcomes]


def test_commands_that_arrive_together_are_written_in_one_commit(region: Region) -> None:
    answers = region.ask_together(*[Ask(cores(n)) for n in range(1, 6)])
    assert limits(region.facts) == [1, 2, 3, 4, 5]
    assert [a.position for a in answers if isinstance(a, Answer)] == [1, 2, 3, 4, 5]
    assert [len(batch.facts) for batch in region.store.batches] == [5]


def test_a_batch_is_bounded(new_region: NewRegion) -> None:
    region = new_region(bounds=Bounds(idle=0.001, retry=0.001, batch=2))
    region.ask_together(*[Ask(cores(n)) for n in range(1, 6)])
    assert limits(region.facts) == [1, 2, 3, 4, 5]
    assert [len(batch.facts) for batch in region.store.batches] == [2, 2, 1]


def test_each_fact_tells_who_asked_when_and_which_command_it_was(region: Region) -> None:
    region.ask_together(Ask(cores(1), by="wei"), Ask(cores(2), by="ana"))
    assert [(f.position, f.version, f.at, f.by, f.because) for f in region.facts] == [
        (1, 1, NOON, "wei", UUID(int=1)),
        (2, 2, NOON, "ana", UUID(int=2)),
    ]


def test_the_last_of_a_quota_goes_to_the_first_caller(region: Region) -> None:
    region.given(limited(cores=3))
    first, second = region.ask_together(Ask(ADOPT_ANOTHER), Ask(ADOPT))
    assert told(first, Adopted) == Adopted(server=OTHER_SERVER)
    assert isinstance(second, QuotaExceeded)
    assert second.shortages == [
        Shortage(resource="cores", asked=2, used=2, limit=3, left=1, node=PROJECT)
    ]
    assert {fact.stream for fact in region.facts} == {
        f"server:{OTHER_SERVER}",
        QUOTA_STREAM,
        HOST_STREAM,
    }


def test_a_command_refused_halfway_leaves_no_trace(region: Region) -> None:
    region.given(*ADOPTION, limited(cores=3))
    refused, accepted = region.ask_together(Ask(scale(Size(4, 4096))), Ask(scale(Size(3, 4096))))
    assert isinstance(refused, QuotaExceeded)
    assert isinstance(accepted, Answer)
    assert [fact.version for fact in region.facts] == [3, 3, 2]
    assert region.facts[0].event.to == Size(3, 4096)


def test_a_refused_command_writes_nothing(region: Region) -> None:
    with pytest.raises(StaleVersion):
        region.ask(SetQuota(project=PROJECT, limits={"cores": 1}, expected=7))
    assert region.store.batches == []


@pytest.mark.parametrize(
    "faulty", [Faulty(), Unanswerable(), Twice()], ids=lambda c: type(c).__name__
)
def test_one_commands_bug_does_not_fail_others(region: Region, faulty: Any) -> None:
    before, bug, after = region.ask_together(Ask(cores(1)), Ask(faulty), Ask(cores(2)))
    assert kinds([before, after]) == [Answer, Answer]
    assert isinstance(bug, Exception)
    assert not isinstance(bug, Unavailable)
    assert limits(region.facts) == [1, 2]
    assert [(f.position, f.version) for f in region.facts] == [(1, 1), (2, 2)]
    assert len(region.store.batches) == 1


def test_a_command_that_cannot_be_written_fails_alone(new_region: NewRegion) -> None:
    taken: list[int] = []
    region = new_region(hooks=Hooks(lead=taken.append))
    region.store.refuses = lambda batch: 2 in limits(batch.facts)
    outcomes = region.ask_together(*[Ask(cores(n)) for n in (1, 2, 3)])
    assert kinds(outcomes) == [Answer, ValueError, Answer]
    assert limits(region.facts) == [1, 3]
    assert [(f.position, f.version) for f in region.facts] == [(1, 1), (2, 2)]
    assert taken == [0]  # it was never given up for that


def test_after_a_poisonous_command_the_region_works_on(region: Region) -> None:
    region.store.refuses = lambda _: True
    with pytest.raises(ValueError, match="does not take"):
        region.ask(cores(1))
    region.store.refuses = lambda _: False
    assert region.ask(cores(2)).position == 1


def test_a_full_queue_turns_away_and_says_so(new_region: NewRegion) -> None:
    region = new_region(bounds=Bounds(idle=0.001, retry=0.001, queue=2))
    outcomes = region.ask_together(*[Ask(cores(n)) for n in (1, 2, 3)])
    assert kinds(outcomes) == [Answer, Answer, Overloaded]
    assert limits(region.facts) == [1, 2]


def test_the_sequencer_tells_how_many_commands_wait(region: Region) -> None:
    async def ask() -> int:
        with region.store.writer_resting():
            tasks = [asyncio.create_task(region.asking(Ask(cores(n)))) for n in (1, 2)]
            await asyncio.sleep(0)
            waiting = region.sequencer.waiting
        await asyncio.gather(*tasks)
        return waiting

    region.begin()
    assert asyncio.run(ask()) == 2
    assert region.sequencer.waiting == 0


def test_threads_that_may_block_get_their_answers_too(region: Region) -> None:
    def ask(n: int) -> Answer:
        return region.sequencer.call(cores(n), by="relay", because=UUID(int=n))

    region.begin()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(1, 51)))
    assert sorted(a.position for a in answers) == list(range(1, 51))
    assert [f.position for f in region.facts] == list(range(1, 51))


def test_callers_in_several_event_loops_get_their_answers(region: Region) -> None:
    def in_a_loop_of_its_own(first: int) -> list[Outcome]:
        async def ask() -> list[Outcome]:
            asks = [region.asking(Ask(cores(first + n))) for n in range(10)]
            return list(await asyncio.gather(*asks))

        return asyncio.run(ask())

    region.begin()
    with ThreadPoolExecutor(4) as pool:
        outcomes = [o for loop in pool.map(in_a_loop_of_its_own, (0, 10, 20, 30)) for o in loop]
    assert kinds(outcomes) == [Answer] * 40
    assert sorted(limits(region.facts)) == list(range(40))


def test_a_command_stays_recorded_when_its_caller_has_gone(region: Region) -> None:
    async def ask_and_go() -> None:
        with region.store.writer_resting():
            task = asyncio.create_task(region.asking(Ask(cores(1))))
            await asyncio.sleep(0)
            task.cancel()
        await asyncio.gather(task, region.asking(Ask(cores(2))), return_exceptions=True)

    region.begin()
    asyncio.run(ask_and_go())
    assert limits(region.facts) == [1, 2]


def test_a_closed_event_loop_does_not_stop_the_others(region: Region) -> None:
    async def ask_and_go() -> None:
        task = asyncio.create_task(region.asking(Ask(cores(1))))
        await asyncio.sleep(0)
        task.cancel()

    region.begin()
    with region.store.writer_resting():
        asyncio.run(ask_and_go())
    assert region.ask(cores(2)).position == 2


def test_facts_are_published_in_order_before_anybody_is_answered(new_region: NewRegion) -> None:
    seen: list[int] = []
    region = new_region(hooks=Hooks(publish=lambda facts: seen.extend(f.position for f in facts)))
    for n in range(1, 4):
        assert region.ask(cores(n)).position == seen[-1] == n
    assert seen == [1, 2, 3]


def test_a_failing_publisher_keeps_no_caller_waiting(new_region: NewRegion) -> None:
    def stumble(_: Facts) -> None:
        stumbling.pop()

    stumbling = [1]
    region = new_region(hooks=Hooks(publish=stumble))
    answers = region.ask_together(Ask(cores(1)), Ask(cores(2)))
    assert kinds(answers) == [Answer, Answer]
    with pytest.raises(IndexError):
        stumbling.pop()
    region.store.wait_for(lambda: region.sequencer.role == "leading")
    assert limits(region.facts) == [1, 2]


def test_the_time_of_facts_never_goes_backwards(region: Region) -> None:
    for n, minutes in enumerate((0, 2, -5, 1, 3), 1):
        region.clock.time = NOON + timedelta(minutes=minutes)
        region.ask(cores(n))
    times = [fact.at - NOON for fact in region.facts]
    assert times == [timedelta(minutes=m) for m in (0, 2, 2, 2, 3)]


def test_the_time_of_facts_goes_on_from_the_last_writers(
    region: Region, new_region: NewRegion
) -> None:
    region.clock.time = NOON + timedelta(minutes=9)
    region.ask(cores(1))
    region.end()
    other = new_region(region.store)
    other.ask(cores(2))
    assert [fact.at for fact in other.facts] == [NOON + timedelta(minutes=9)]


def test_waiting_commands_are_finished_before_the_sequencer_stops(region: Region) -> None:
    async def ask() -> list[Outcome]:
        with region.store.writer_resting():
            tasks = [asyncio.create_task(region.asking(Ask(cores(n)))) for n in (1, 2, 3)]
            await asyncio.sleep(0)
            stopping = asyncio.create_task(asyncio.to_thread(region.end))
            await asyncio.sleep(0)
        await stopping
        return list(await asyncio.gather(*tasks, return_exceptions=True))

    region.begin()
    assert kinds(asyncio.run(ask())) == [Answer, Answer, Answer]
    assert limits(region.facts) == [1, 2, 3]
    assert not region.store.held


def test_a_stopped_sequencer_turns_commands_away(region: Region) -> None:
    region.begin()
    region.end()
    with pytest.raises(Unavailable):
        region.sequencer.call(cores(1), by="wei", because=OPERATION)
