"""Calls of one host start in order; no host and no server holds up another; relays share lanes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from adapters.relay.lanes import Lanes
from adapters.relay.pace import Pace
from projections.outbox.lanes import Message
from tests.kit.hypervisor import LARGE, Hang, ScriptedHost, answer, busy, unreachable
from tests.kit.region import HOST, QUICK, NewRegion, Region, until

OTHER_HOST = "host-2"
SECOND = timedelta(seconds=1)


@pytest.fixture
def two_hosts(new_region: NewRegion) -> Region:
    region = new_region({HOST: ScriptedHost(), OTHER_HOST: ScriptedHost()}).leading()
    region.limits(instances=-1, cores=-1, ram=-1)
    return region


def _lane(region: Region, host: str = HOST) -> dict[str, Any]:
    (lane,) = [one for one in region.get("/v1/lanes").json() if one["host"] == host]
    return dict(lane)


def _begun(region: Region, server: UUID, hang: Hang) -> str:
    region.host.tell(server, hang)
    return region.scaling(server, LARGE)


def test_the_calls_of_a_host_start_in_the_order_of_their_requests(region: Region) -> None:
    region.limits(instances=-1, cores=-1, ram=-1)
    operations = [region.scaling(region.adopted(), LARGE) for _ in range(25)]
    with region.carried(pace=replace(QUICK, slots=1)):
        for operation in operations:
            assert region.ended(operation)["state"] == "succeeded"
    assert [str(call.operation) for call in region.host.calls] == operations


def test_the_calls_of_a_host_start_in_order_after_it_was_away(region: Region) -> None:
    region.limits(instances=-1, cores=-1, ram=-1)
    servers = [region.adopted() for _ in range(12)]
    region.host.tell(servers[0], unreachable)
    operations = [region.scaling(server, LARGE) for server in servers]
    with region.carried(pace=replace(QUICK, slots=1)):
        for operation in operations:
            region.ended(operation)
    begun = [str(call.operation) for call in region.host.calls]
    assert [one for one in begun[1:] if one != operations[0]] == operations[1:]


def test_no_more_calls_of_a_host_are_in_flight_than_it_has_slots(region: Region) -> None:
    region.limits(instances=-1, cores=-1, ram=-1)
    servers = [region.adopted() for _ in range(6)]
    hangs = [Hang() for _ in servers]
    operations = [_begun(region, *each) for each in zip(servers, hangs, strict=True)]
    with region.carried(pace=replace(QUICK, slots=3)):
        assert all(hang.began.wait(20) for hang in hangs[:3])
        until(lambda: _lane(region)["waiting"] == 6)
        assert not any(hang.began.is_set() for hang in hangs[3:])
        hangs[1].release()
        assert hangs[3].began.wait(20)
        for hang in hangs:
            hang.release()
        assert {region.ended(operation)["state"] for operation in operations} == {"succeeded"}


def test_a_hung_server_does_not_hold_up_another_of_its_host(region: Region) -> None:
    hang = Hang()
    stuck = _begun(region, region.adopted(), hang)
    others = [region.scaling(region.adopted(), LARGE) for _ in range(3)]
    with region.carried():
        assert hang.began.wait(20)
        assert {region.ended(operation)["state"] for operation in others} == {"succeeded"}
        assert region.get(f"/v1/operations/{stuck}").json()["state"] == "open"
        hang.release()
        assert region.ended(stuck)["state"] == "succeeded"


def test_a_busy_server_does_not_hold_up_another_of_its_host(region: Region) -> None:
    server = region.adopted()
    region.host.tell(server, busy, busy)
    held, other = region.scaling(server, LARGE), region.scaling(region.adopted(), LARGE)
    with region.carried(pace=replace(QUICK, slots=1)):
        assert region.ended(other)["state"] == "succeeded"
        assert _lane(region)["failures"] == 0
        assert region.ended(held)["state"] == "succeeded"


def test_a_host_that_does_not_answer_rests_and_holds_up_no_other(two_hosts: Region) -> None:
    servers = [two_hosts.adopted(host=HOST) for _ in range(8)]
    two_hosts.host.down = True
    away = [two_hosts.scaling(server, LARGE) for server in servers]
    with two_hosts.carried():
        until(lambda: _lane(two_hosts)["resting"])
        for _ in range(5):
            near = two_hosts.scaling(two_hosts.adopted(host=OTHER_HOST), LARGE)
            assert two_hosts.ended(near)["state"] == "succeeded"
        lane = _lane(two_hosts)
        assert lane["failures"] >= 1
        assert lane["last_error"] == "no route to the host"
        assert (lane["waiting"], _lane(two_hosts, OTHER_HOST)["failures"]) == (8, 0)
        two_hosts.host.down = False
        assert {two_hosts.ended(operation)["state"] for operation in away} == {"succeeded"}
        until(lambda: _lane(two_hosts)["failures"] == 0)


def test_calls_that_fail_together_are_one_failure_of_their_host(region: Region) -> None:
    region.limits(instances=-1, cores=-1, ram=-1)
    servers = [region.adopted() for _ in range(4)]
    first, second = ([Hang(then=then) for _ in servers] for then in (unreachable, answer))
    for server, *hangs in zip(servers, first, second, strict=True):
        region.host.tell(server, *hangs)
    operations = [region.scaling(server, LARGE) for server in servers]
    with region.carried(pace=replace(QUICK, slots=4)):
        for hang in first:
            assert hang.began.wait(20)
        for hang in first:
            hang.release()
        for hang in second:
            assert hang.began.wait(20)
        assert _lane(region)["failures"] == 1
        for hang in second:
            hang.release()
        assert {region.ended(operation)["state"] for operation in operations} == {"succeeded"}


def test_two_relays_share_the_work_and_carry_nothing_twice_at_once(two_hosts: Region) -> None:
    servers = [two_hosts.adopted(host=host) for host in (HOST, OTHER_HOST) for _ in range(20)]
    with two_hosts.carried("one"), two_hosts.carried("two"):
        operations = [two_hosts.scaling(server, LARGE) for server in servers]
        assert {two_hosts.ended(operation)["state"] for operation in operations} == {"succeeded"}
    hosts = two_hosts.hosts.values()
    assert [host.carried_at_once for host in hosts] == [[], []]
    assert [len(host.effects) for host in hosts] == [20, 20]


def test_a_lane_whose_calls_take_longer_than_its_lease_stays_with_its_relay(
    region: Region,
) -> None:
    hang = Hang()
    pace = replace(QUICK, lease=0.4)
    operation = _begun(region, region.adopted(), hang)
    with region.carried("one", pace=pace):
        assert hang.began.wait(20)
        with region.carried("two", pace=pace):
            first = _lane(region)
            later = region.scaling(region.adopted(), LARGE)
            assert region.ended(later)["state"] == "succeeded"
            assert first["held_by"] == _lane(region)["held_by"] == "one"
            hang.release()
            assert region.ended(operation)["state"] == "succeeded"
    assert region.host.carried_at_once == []


def test_the_lanes_of_a_dead_relay_are_taken_over_when_their_lease_has_ended(
    region: Region,
) -> None:
    server = region.adopted()
    operation = region.scaling(server, LARGE)
    dead = Lanes(region.dsn, relay="dead", hosts=[HOST], lease=SECOND / 2)
    assert dead.hold(most=8) == [HOST]
    (ask,) = dead.take(HOST, busy=[], limit=8, margin=timedelta(0))
    dead.close()
    assert str(ask.operation) == operation
    with region.carried("heir", pace=replace(QUICK, lease=0.5)):
        assert region.ended(operation)["state"] == "succeeded"
    assert len(region.host.effects) == 1


@pytest.fixture
def lanes(region: Region) -> Iterator[tuple[Lanes, Lanes]]:
    """Two relays' lanes, with one message waiting."""
    region.scaling(region.adopted(), LARGE)
    with ExitStack() as closing:
        one, two = (
            Lanes(region.dsn, relay=name, hosts=[HOST, "elsewhere"], lease=SECOND * 30)
            for name in ("one", "two")
        )
        closing.callback(one.close)
        closing.callback(two.close)
        yield one, two


def _take(lanes: Lanes, busy: tuple[UUID, ...] = ()) -> list[Message]:
    return lanes.take(HOST, busy=busy, limit=8, margin=timedelta(0))


def test_a_lane_is_held_by_one_relay(lanes: tuple[Lanes, Lanes]) -> None:
    one, two = lanes
    assert one.hold(most=8) == one.hold(most=8) == [HOST]
    assert two.hold(most=8) == []
    assert _take(two) == []
    assert two.renew([HOST]) == []
    assert one.renew([HOST]) == [HOST]


def test_a_lane_that_is_let_go_is_free_at_once(lanes: tuple[Lanes, Lanes]) -> None:
    one, two = lanes
    one.hold(most=8)
    one.let_go()
    assert two.hold(most=8) == [HOST]
    assert one.renew([HOST]) == []


def test_a_message_says_whether_it_may_have_been_sent_before(lanes: tuple[Lanes, Lanes]) -> None:
    one, _ = lanes
    one.hold(most=8)
    (first,) = _take(one)
    assert (first.attempts, first.sent_before, first.ask) == (1, False, "reconfigure")
    assert first.size == LARGE
    assert _take(one, busy=(first.operation,)) == []
    one.put_back(first, sent=True, in_place=True)
    (again,) = _take(one)
    assert (again.attempts, again.sent_before) == (2, True)
    one.put_back(again, sent=False, in_place=True)
    assert _take(one)[0].sent_before


def test_a_message_is_not_sent_shortly_before_its_deadline(
    lanes: tuple[Lanes, Lanes],
) -> None:
    one, _ = lanes
    one.hold(most=8)
    assert one.take(HOST, busy=[], limit=8, margin=timedelta(days=1)) == []
    (ask,) = _take(one)
    one.put_back(ask, sent=True, in_place=True)
    assert len(one.take(HOST, busy=[], limit=8, margin=timedelta(days=1))) == 1


def test_a_relay_that_lost_a_message_cannot_put_it_back(
    lanes: tuple[Lanes, Lanes],
) -> None:
    one, two = lanes
    one.hold(most=8)
    (stale,) = _take(one)
    one.let_go()
    two.hold(most=8)
    (fresh,) = _take(two)
    one.put_back(stale, sent=False)
    two.put_back(fresh, sent=True, in_place=True)
    one.put_back(stale, sent=False, in_place=True)
    assert _take(two)[0].sent_before


def test_a_resting_lane_is_left_alone_until_it_is_well(lanes: tuple[Lanes, Lanes]) -> None:
    one, two = lanes
    one.hold(most=8)
    one.rest(HOST, 10, "no route")
    one.let_go()
    assert one.hold(most=8) == two.hold(most=8) == []


def test_a_host_that_this_relay_does_not_know_is_left_to_others(region: Region) -> None:
    region.scaling(region.adopted(), LARGE)
    elsewhere = Lanes(region.dsn, relay=str(uuid4()), hosts=["elsewhere"], lease=SECOND)
    assert elsewhere.hold(most=8) == []
    elsewhere.close()


def test_fewer_calls_are_in_flight_than_libvirt_serves() -> None:
    assert Pace().slots < 5, "libvirt serves five calls a connection; one is for reading"
