"""Heavy requests of one tenant are worked on a few at a time."""

from __future__ import annotations

import asyncio

import pytest

from adapters.http.gateway.rates.places import Places, TooManyAtOnce


async def waiting(places: Places, tenant: str) -> asyncio.Task[None]:
    """One that has come to its place, or waits for it."""
    task = asyncio.create_task(places.take(tenant))
    await asyncio.sleep(0)
    return task


async def served(places: Places, count: int) -> list[bool]:
    """Which of so many have a place."""
    tasks = [await waiting(places, "loud") for _ in range(count)]
    there = [task.done() for task in tasks]
    for task in tasks:
        task.cancel()
    return there


def test_the_third_waits_for_a_place() -> None:
    assert asyncio.run(served(Places(2, 100), 4)) == [True, True, False, False]


def test_a_place_that_is_given_back_is_taken_by_the_next() -> None:
    async def run() -> None:
        places = Places(1, 100)
        await places.take("loud")
        second = await waiting(places, "loud")
        third = await waiting(places, "loud")
        places.give_back("loud")
        await second
        assert not third.done()
        places.give_back("loud")
        await third

    asyncio.run(run())


def test_a_place_rests_before_the_next_has_it() -> None:
    async def run() -> None:
        places = Places(1, 100)
        await places.take("loud")
        second = await waiting(places, "loud")
        places.give_back("loud", rest=0.001)
        assert not second.done()
        await asyncio.wait_for(second, 10)

    asyncio.run(run())


def test_another_tenant_has_places_of_its_own() -> None:
    async def run() -> None:
        places = Places(1, 100)
        await places.take("loud")
        await waiting(places, "loud")
        await asyncio.wait_for(places.take("quiet"), 10)

    asyncio.run(run())


def test_only_so_many_may_wait() -> None:
    async def run() -> None:
        places = Places(1, 2)
        for _ in range(3):
            await waiting(places, "loud")
        with pytest.raises(TooManyAtOnce, match="2 requests for lists of this project wait"):
            await places.take("loud")

    asyncio.run(run())


def test_who_goes_while_it_waits_leaves_nothing() -> None:
    async def run() -> None:
        places = Places(1, 100)
        await places.take("loud")
        gone = await waiting(places, "loud")
        gone.cancel()
        await asyncio.wait([gone])
        places.give_back("loud")
        assert len(places) == 0

    asyncio.run(run())
