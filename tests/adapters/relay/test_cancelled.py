"""What was cancelled is never carried, however close the two come to each other."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta

import psycopg
import pytest

from adapters.relay.lanes import Lanes
from projections.outbox.lanes import WITHHOLD, Message
from tests.kit.hypervisor import LARGE, SMALL
from tests.kit.region import HOST, Region, until

CALLERS, EACH = 6, 20
BLOCKED = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%%UPDATE outbox%%'
"""


@pytest.fixture
def taking(region: Region) -> Iterator[Lanes]:
    """Holds the lane of the region's host."""
    lanes = Lanes(region.dsn, relay="one", hosts=[HOST], lease=timedelta(seconds=60))
    yield lanes
    lanes.close()


@pytest.mark.parametrize("withheld", [True, False])
def test_a_message_being_withheld_is_not_taken(
    region: Region, taking: Lanes, withheld: bool
) -> None:
    operation = region.scaling(region.adopted(), LARGE)
    assert taking.hold(most=1) == [HOST]
    with ExitStack() as ending:
        other, sql = (
            ending.enter_context(psycopg.connect(region.dsn, autocommit=autocommit))
            for autocommit in (False, True)
        )
        pool = ending.enter_context(ThreadPoolExecutor(1))
        assert other.execute(WITHHOLD, {"operation": operation}).rowcount == 1
        taken: Future[list[Message]] = pool.submit(
            taking.take, HOST, busy=[], limit=8, margin=timedelta(seconds=1)
        )
        until(lambda: sql.execute(BLOCKED).fetchone() == (1,))
        (other.commit if withheld else other.rollback)()
        assert [str(ask.operation) for ask in taken.result(20)] == ([] if withheld else [operation])


def test_a_cancelled_operation_was_never_sent_by_a_relay(
    region: Region,
) -> None:
    region.limits(instances=-1, cores=-1, ram=-1)
    with region.carried(), ThreadPoolExecutor(CALLERS) as callers:
        mine = [callers.submit(_scale_and_cancel, region, caller) for caller in range(CALLERS)]
        ended = [one for caller in mine for one in caller.result()]
    carried = {str(call.operation) for call in region.host.calls}
    cancelled = {one["id"] for one in ended if one["state"] == "cancelled"}
    print(f"{len(cancelled)} of {len(ended)} cancelled")
    assert cancelled & carried == set()
    assert carried == {one["id"] for one in ended if one["state"] == "succeeded"}
    assert cancelled | carried == {one["id"] for one in ended}
    grown = sum(size == LARGE for size in region.host.sizes.values())
    assert grown == len(carried)
    assert region.used()["cores"] == grown * LARGE.vcpus + len(cancelled) * SMALL.vcpus


def _scale_and_cancel(region: Region, caller: int) -> list[dict[str, str]]:
    """Sooner or later after it was asked for: each look in between takes a moment."""
    operations = []
    for n in range(EACH):
        operation = region.scaling(region.adopted(), LARGE)
        for _ in range((n + caller) % 4):
            region.get("/healthz", as_=None)
        answered = region.post(f"/v1/operations/{operation}/cancel", {})
        assert answered.status_code in {200, 409}, answered.text
        operations.append(operation)
    return [region.ended(operation) for operation in operations]
