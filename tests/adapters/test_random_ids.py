"""Ids that are drawn many at a time are as random as others."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from adapters.random_ids import RandomIds

_COUNT = 5_000


def test_no_two_are_the_same_whatever_thread_asks() -> None:
    ids = RandomIds()
    with ThreadPoolExecutor(4) as threads:
        drawn = list(threads.map(lambda _: ids(), range(_COUNT)))
    assert len(set(drawn)) == _COUNT


def test_they_are_random_uuids() -> None:
    ids = RandomIds()
    kinds = {(one.version, one.variant) for one in (ids() for _ in range(_COUNT))}
    assert kinds == {(4, "specified in RFC 4122")}
