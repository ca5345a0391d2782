"""What was answered is kept for its time, and asked for once however many want to know it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator

import pytest

from adapters.keystone.errors import IdentityUnavailable
from adapters.keystone.memory import ActorCache, Kept


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Asked:
    """A question that is answered with how often it was asked."""

    def __init__(self, *, seconds: float = 10.0) -> None:
        self.times = 0
        self.seconds = seconds
        self.may_answer = threading.Event()
        self.may_answer.set()

    def __call__(self) -> Kept[int]:
        self.times += 1
        self.may_answer.wait(10)
        return Kept(self.times, self.seconds)


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


def test_only_so_many_questions_wait(memory: ActorCache[str, int]) -> None:
    ask = Asked()
    ask.may_answer.clear()

    async def many() -> int:
        tasks = [asyncio.create_task(memory.get(str(n), ask)) for n in range(300)]
        await asyncio.sleep(0)
        ask.may_answer.set()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        return sum(isinstance(one, IdentityUnavailable) for one in ended)

    assert asyncio.run(many()) == 300 - 256


def get(memory: ActorCache[str, int], ask: Callable[[], Kept[int]], key: str = "a") -> int:
    return asyncio.run(memory.get(key, ask))
