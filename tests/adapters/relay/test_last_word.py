"""A relay that stalled until another took its message over has not the last word about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from msgspec.structs import replace

from adapters.relay.lanes import Lanes
from adapters.relay.relay import Relay
from tests.kit.hypervisor import LARGE, Hang, refuse
from tests.kit.region import HOST, QUICK, Region, size, until

BRIEF = replace(QUICK, lease=0.3, call_seconds=30)
GROWN = {"instances": 1, "cores": 4, "ram": 8192}


@contextmanager
def stalled(region: Region) -> Iterator[Relay]:
    """It takes what is due and calls, and then its loop stands still, until it is told to end."""
    relay = region.relay("stalled", pace=BRIEF)
    relay._reporter.start()
    relay._step()
    yield relay
    relay._end()


def test_a_refusal_is_not_reported_while_another_relay_carries_the_message(region: Region) -> None:
    server = region.adopted()
    late, done = Hang(then=refuse), Hang()
    region.host.tell(server, late, done)
    operation = region.scaling(server, LARGE)
    with stalled(region) as relay:
        assert late.began.wait(20)
        with region.carried("heir", pace=BRIEF):
            assert done.began.wait(20)
            late.release()
            until(lambda: not relay._done.empty())
            head = region.head
            relay._end()  # it tells what it still has to tell
            assert region.head == head
            assert region.get(f"/v1/operations/{operation}").json()["state"] == "open"
            assert region.used() == GROWN
            done.release()
            assert region.ended(operation)["state"] == "succeeded"
    assert region.get(f"/v1/servers/{server}").json()["size"] == size(LARGE)
    assert region.used() == GROWN


def test_a_message_whose_refusal_is_being_reported_is_taken_by_nobody(region: Region) -> None:
    region.scaling(region.adopted(), LARGE)
    one, two = (
        Lanes(region.dsn, relay=name, hosts=[HOST], lease=timedelta(seconds=60))
        for name in ("one", "two")
    )
    one.hold(most=8)
    (first,) = one.take(HOST, busy=[], limit=8, margin=timedelta(0))
    one.let_go()
    two.put_back(first, sent=False, in_place=True)
    assert two.hold(most=8) == [HOST]
    (second,) = two.take(HOST, busy=[], limit=8, margin=timedelta(0))
    assert not one.has_the_last_word(first)
    assert two.has_the_last_word(second)
    assert two.take(HOST, busy=[], limit=8, margin=timedelta(0)) == []
    two.put_back(second, sent=True, in_place=True)  # the leader was away
    assert len(two.take(HOST, busy=[], limit=8, margin=timedelta(0))) == 1
    for lanes in (one, two):
        lanes.close()
