"""Long work lets the others have their turn, and makes the same of the same."""

from __future__ import annotations

import asyncio

import pytest

from adapters.http.gateway import pieces


class Clock:
    """Goes on by a millisecond whenever it is asked."""

    def __init__(self) -> None:
        self.ms = 0

    def __call__(self) -> float:
        self.ms += 1
        return self.ms / 1000


async def turns_taken(things: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """By another task, while ``things`` are worked on."""
    monkeypatch.setattr(pieces, "perf_counter", Clock())
    taken, over = 0, False

    async def other() -> None:
        nonlocal taken
        while not over:
            taken += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(other())
    await pieces.each(str, range(things))
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


def test_all_is_done_in_its_order() -> None:
    assert asyncio.run(pieces.each(str, range(500))) == [str(n) for n in range(500)]


def test_what_fits_is_kept_in_its_order() -> None:
    assert asyncio.run(pieces.kept(lambda n: n % 3 == 0, range(10))) == [0, 3, 6, 9]
