"""What was answered is kept for its time, and asked for once however many want to know it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator

import pytest

from adapters.keystone.errors import IdentityUnavailable
from adapters.keystone.memory import ActorCache, Kept
from tests.kit.region import until


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Asked:
    """A question that is answered with how often it was asked."""

    def __init__(self, *, seconds: float = 10.0, known: bool = True) -> None:
        self.times = 0
        self.seconds = seconds
        self.known = known
        self.may_answer = threading.Event()
        self.may_answer.set()

    def __call__(self) -> Kept[int]:
        self.times += 1
        self.may_answer.wait(10)
        return Kept(self.times, self.seconds, self.known)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def memory(clock: Clock) -> Iterator[ActorCache[str, int]]:
    one: ActorCache[str, int] = ActorCache(elapsed=clock, patience=20, most=2)
    yield one
    one.close()


def test_an_answer_is_kept_for_its_time_and_no_longer(
    memory: ActorCache[str, int], clock: Clock
) -> None:
    ask = Asked(seconds=10)
    assert get(memory, ask) == 1
    clock.now += 9.9
    assert get(memory, ask) == 1
    clock.now += 0.1
    assert get(memory, ask) == 2


def test_an_answer_is_as_old_as_its_question(memory: ActorCache[str, int], clock: Clock) -> None:
    def slow() -> Kept[int]:
        clock.now += 7
        return Kept(7, 10)

    assert get(memory, slow) == 7
    clock.now += 3
    assert get(memory, Asked()) == 1


def test_many_who_ask_at_once_share_one_call(memory: ActorCache[str, int]) -> None:
    ask = Asked()
    ask.may_answer.clear()

    async def all_() -> list[int]:
        wanted = [asyncio.create_task(memory.get("a", ask)) for _ in range(50)]
        gone = asyncio.create_task(memory.get("a", ask))
        await asyncio.sleep(0)
        gone.cancel()
        ask.may_answer.set()
        return await asyncio.gather(*wanted)

    assert asyncio.run(all_()) == [1] * 50


def test_a_failure_is_told_to_all_who_wait_and_is_not_kept(memory: ActorCache[str, int]) -> None:
    def away() -> Kept[int]:
        raise IdentityUnavailable

    with pytest.raises(IdentityUnavailable):
        get(memory, away)
    assert get(memory, Asked()) == 1


def test_the_answer_not_asked_for_the_longest_is_forgotten(memory: ActorCache[str, int]) -> None:
    a, b, c = Asked(), Asked(), Asked()
    for name, ask in (("a", a), ("b", b), ("a", a), ("c", c), ("a", a), ("b", b)):
        get(memory, ask, name)
    assert (a.times, b.times, c.times) == (1, 2, 1)


def test_what_is_made_up_pushes_out_nothing_that_is_known(memory: ActorCache[str, int]) -> None:
    known, made_up = Asked(), Asked(known=False)
    get(memory, known, "known")
    for n in range(10):
        get(memory, made_up, f"made up {n}")
    assert get(memory, known, "known") == 1


def test_what_is_known_waits_for_nothing_that_is_made_up(
    memory: ActorCache[str, int], clock: Clock
) -> None:
    known, made_up = Asked(seconds=10), Asked(known=False)
    get(memory, known, "known")
    made_up.may_answer.clear()
    clock.now += 10  # it has to be asked for anew

    async def all_() -> int:
        crowd = [asyncio.create_task(memory.get(str(n), made_up)) for n in range(60)]
        await asyncio.sleep(0)
        answer = await memory.get("known", known)  # while all of the crowd wait
        made_up.may_answer.set()
        await asyncio.gather(*crowd)
        return answer

    assert asyncio.run(all_()) == 2


def test_what_is_known_is_asked_for_anew_before_its_time_is_over(
    memory: ActorCache[str, int], clock: Clock
) -> None:
    ask = Asked(seconds=10)
    get(memory, ask)
    clock.now += 8
    ask.may_answer.clear()
    assert get(memory, ask) == 1  # at once, from what is kept
    assert get(memory, ask) == 1
    ask.may_answer.set()
    until(lambda: get(memory, ask) == 2)
    clock.now += 9
    assert get(memory, ask) == 2


def test_a_question_ahead_that_fails_leaves_the_answer_for_its_time(
    memory: ActorCache[str, int], clock: Clock
) -> None:
    failed = threading.Event()

    def away() -> Kept[int]:
        failed.set()
        raise IdentityUnavailable

    get(memory, Asked(seconds=10))
    clock.now += 8
    assert get(memory, away) == 1
    assert failed.wait(10)
    clock.now += 1.9
    assert get(memory, Asked()) == 1


def test_what_is_known_no_more_is_made_up(memory: ActorCache[str, int], clock: Clock) -> None:
    get(memory, Asked(seconds=10))
    clock.now += 10
    get(memory, Asked(known=False, seconds=1))
    clock.now += 1
    assert not memory.holds("a")


def test_each_address_has_its_turn(memory: ActorCache[str, int]) -> None:
    """One made-up token after another from one, a single live one from another."""
    order: list[str] = []
    gate = Asked(known=False)
    gate.may_answer.clear()

    def noting(name: str) -> Callable[[], Kept[int]]:
        def ask() -> Kept[int]:
            order.append(name)
            return Kept(1, 10)

        return ask

    async def all_() -> None:
        held = [asyncio.create_task(memory.get(f"gate {n}", gate, address="x")) for n in range(2)]
        crowd = [
            asyncio.create_task(memory.get(str(n), noting("crowd"), address="x")) for n in range(50)
        ]
        await asyncio.sleep(0)
        quiet = asyncio.create_task(memory.get("quiet", noting("quiet"), address="y"))
        await asyncio.sleep(0)
        gate.may_answer.set()
        await asyncio.gather(*held, *crowd, quiet)

    asyncio.run(all_())
    assert order.index("quiet") <= 4
    assert len(order) == 51


def test_only_so_many_questions_wait(memory: ActorCache[str, int]) -> None:
    ask = Asked()
    ask.may_answer.clear()

    async def many() -> int:
        tasks = [asyncio.create_task(memory.get(str(n), ask)) for n in range(300)]
        await asyncio.sleep(0)
        ask.may_answer.set()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        return sum(isinstance(one, IdentityUnavailable) for one in ended)

    # Two may be on their way already when the last of the others comes.
    assert 300 - 66 <= asyncio.run(many()) <= 300 - 64


def get(memory: ActorCache[str, int], ask: Callable[[], Kept[int]], key: str = "a") -> int:
    return asyncio.run(memory.get(key, ask))
