"""Ids that are drawn many at a time are as random as others."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from adapters.random_ids import RandomIds


def test_no_two_are_the_same_whatever_thread_asks() -> None:
    ids, count = RandomIds(), 5_000
    with ThreadPoolExecutor(4) as threads:
        drawn = list(threads.map(lambda _: ids(), range(count)))
    assert len(set(drawn)) == count
    assert {(one.version, one.variant) for one in drawn} == {(4, "specified in RFC 4122")}
