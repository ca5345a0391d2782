"""Token buckets: what they hold, when they are full again, and how many are remembered."""

from __future__ import annotations

import pytest

from adapters.buckets import Buckets, Drawn, rate

TEN = rate(10, 2)
"""Ten a second, twenty at once."""


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(name="clock")
def _clock() -> Clock:
    return Clock()


@pytest.fixture(name="buckets")
def _buckets(clock: Clock) -> Buckets:
    return Buckets(bound=100, clock=clock)


def test_a_bucket_holds_its_burst_and_no_more(buckets: Buckets) -> None:
    drawn = [buckets.draw("demo", TEN) for _ in range(21)]
    assert [one.left for one in drawn] == [*range(19, -1, -1), 0]
    assert [bool(one.retry_after) for one in drawn] == [False] * 20 + [True]


def test_a_bucket_fills_at_its_rate(buckets: Buckets, clock: Clock) -> None:
    for _ in range(20):
        buckets.draw("demo", TEN)
    clock.now += 0.5
    drawn = [buckets.draw("demo", TEN) for _ in range(6)]
    assert [bool(one.retry_after) for one in drawn] == [False] * 5 + [True]


def test_a_refusal_costs_nothing(buckets: Buckets, clock: Clock) -> None:
    for _ in range(100):
        buckets.draw("demo", TEN)
    clock.now += 2
    assert buckets.draw("demo", TEN) == Drawn(left=19, full_in=1, retry_after=0)


def test_it_is_told_after_how_many_seconds_there_are_as_many_as_were_wanted(
    buckets: Buckets,
) -> None:
    assert buckets.draw("demo", TEN, 20) == Drawn(left=0, full_in=2, retry_after=0)
    assert buckets.draw("demo", TEN, 15) == Drawn(left=0, full_in=2, retry_after=2)


def test_more_than_a_full_bucket_counts_as_a_full_one(buckets: Buckets, clock: Clock) -> None:
    assert not buckets.draw("demo", TEN, 1000).retry_after
    clock.now += 1.9
    assert buckets.draw("demo", TEN, 1000).retry_after == 1


def test_each_has_a_bucket_of_its_own(buckets: Buckets) -> None:
    buckets.draw("loud", TEN, 20)
    assert buckets.draw("quiet", TEN).left == 19


def test_a_rate_of_less_than_one_lets_one_through_in_its_time(
    buckets: Buckets, clock: Clock
) -> None:
    slow = rate(0.1, 2)
    assert not buckets.draw("demo", slow).retry_after
    assert buckets.draw("demo", slow).retry_after == 10
    clock.now += 10
    assert not buckets.draw("demo", slow).retry_after


def test_the_one_that_was_not_used_for_longest_is_forgotten_first(buckets: Buckets) -> None:
    for n in range(100):
        buckets.draw(n, TEN, 20)
    buckets.draw(0, TEN)
    buckets.draw("one more", TEN)
    assert len(buckets) == 100
    assert buckets.draw(0, TEN).retry_after
    assert not buckets.draw(1, TEN).retry_after
