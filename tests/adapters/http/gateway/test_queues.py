"""While the log is slow, a project that asks for much is turned away and another is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import psycopg

from tests.kit.region import Answer, NewRegion, Region, until

GROUPS = "/v1/server-groups"
OVERLOADED = "urn:ullage:problem:tenant-overloaded"


@contextmanager
def slow_log(region: Region) -> Iterator[None]:
    """No fact is written meanwhile."""
    with psycopg.connect(region.dsn) as connection:
        connection.execute("LOCK TABLE facts IN EXCLUSIVE MODE")
        yield


def test_a_loud_project_is_turned_away_while_a_quiet_one_waits_its_turn(
    new_region: NewRegion,
) -> None:
    region = new_region(queue=10).leading()
    answers: list[Future[Answer]] = []

    def post(as_: str, name: str) -> None:
        body = {"name": name, "policy": "affinity"}
        answers.append(pool.submit(region.post, GROUPS, body, as_=as_))

    with ThreadPoolExecutor(40) as pool:
        with slow_log(region):
            for n in range(30):
                post("member", f"loud-{n}")
            # A batch is being written, and then as many wait as may: the others are answered.
            until(lambda: sum(one.done() for one in answers) >= 30 - 2 * 5)
            post("foreign-member", "quiet")
            until(lambda: region.process.sequencer.waiting > 5)
        quiet = answers.pop().result()
    told = Counter(one.result().status_code for one in answers)
    assert quiet.status_code == 201, quiet.text
    assert told[429] >= 30 - 2 * 5
    refused = [one.result() for one in answers if one.result().status_code == 429]
    assert {one.json()["type"] for one in refused} == {OVERLOADED}
    assert {one.headers["retry-after"] for one in refused} == {"1"}
