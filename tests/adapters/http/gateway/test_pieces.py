"""Long work lets the others have their turn, and makes the same of the same."""

from __future__ import annotations

import asyncio
import random
from operator import itemgetter

import pytest

from adapters.http.gateway import pieces


class Clock:
    """Goes on by a millisecond whenever it is asked."""

    def __init__(self) -> None:
        self.ms = 0

    def __call__(self) -> float:
        self.ms += 1
        return self.ms / 1000


async def turns_taken(things: int, monkeypatch: pytest.MonkeyPatch, requests: int = 1) -> int:
    """By another task, while each of ``requests`` works on ``things``."""
    monkeypatch.setattr(pieces, "perf_counter", Clock())
    taken, over = 0, False

    async def other() -> None:
        nonlocal taken
        while not over:
            taken += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(other())
    await asyncio.gather(*(pieces.each(str, range(things)) for _ in range(requests)))
    over = True
    await task
    return taken


def test_others_have_their_turn_as_often_as_the_work_is_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    few = asyncio.run(turns_taken(10, monkeypatch))
    many = asyncio.run(turns_taken(1000, monkeypatch))
    assert few < 20
    assert many > 200


def test_many_long_requests_take_no_more_of_each_turn_than_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alone = asyncio.run(turns_taken(1000, monkeypatch))
    together = asyncio.run(turns_taken(1000, monkeypatch, requests=8))
    assert together > 7 * alone


def test_none_of_many_long_requests_waits_for_the_end_of_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pieces, "perf_counter", Clock())
    began: list[int] = []

    async def request(number: int) -> None:
        await pieces.each(lambda _: began.append(number), range(100))

    async def all_of_them() -> None:
        await asyncio.gather(*map(request, range(4)))

    asyncio.run(all_of_them())
    assert set(began[:40]) == {0, 1, 2, 3}


def test_a_request_that_fails_leaves_its_turn_to_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pieces, "perf_counter", Clock())

    async def both() -> list[str]:
        failing = asyncio.create_task(pieces.each(lambda thing: 1 // (50 - thing), range(100)))
        made = await pieces.each(str, range(100))
        with pytest.raises(ZeroDivisionError):
            await failing
        return made

    assert len(asyncio.run(both())) == 100


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("count", [0, 1, 500, 501, 2345])
def test_things_are_ordered_as_sorted_orders_them(count: int, descending: bool) -> None:
    things = [(random.Random(n).randrange(20), n) for n in range(count)]
    made = asyncio.run(pieces.ordered(things, itemgetter(0), descending=descending))
    assert made == sorted(things, key=itemgetter(0), reverse=descending)


def test_all_is_done_in_its_order() -> None:
    assert asyncio.run(pieces.each(str, range(500))) == [str(n) for n in range(500)]


def test_what_fits_is_kept_in_its_order() -> None:
    assert asyncio.run(pieces.kept(lambda n: n % 3 == 0, range(10))) == [0, 3, 6, 9]
