"""Commands wait in a queue for each tenant, so that nobody waits for what another has waiting."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from itertools import count
from uuid import UUID, uuid4

import pytest

from commands.engine.fair_queue import FairQueue
from commands.engine.request import Overloaded, Request, TenantOverloaded
from commands.scaling.scale_servers import OneScale, ScaleServers
from domain.shared.size import Size
from tests.commands.conftest import NewRegion
from tests.commands.kit.region import BOUNDS, Ask
from tests.commands.kit.small_commands import cores
from tests.kit.examples import NOON, SERVER

NUMBER = count(1)


def request(tenant: str | None) -> Request:
    return Request(
        cores(1), by="wei", because=UUID(int=next(NUMBER)), future=Future(), tenant=tenant
    )


def bulk(tenant: str, scales: int) -> Request:
    one = OneScale(server=SERVER, to=Size(1, 512), operation=uuid4())
    command = ScaleServers(scales=[one] * scales, deadline=NOON)
    return Request(command, by="wei", because=uuid4(), future=Future(), tenant=tenant)


def waiting(*tenants: str | None, bound: int = 25_000, batch: int = 8, share: int = 8) -> FairQueue:
    queue = FairQueue(bound=bound, batch=batch, share=share)
    for tenant in tenants:
        queue.put(request(tenant))
    return queue


def fill(queue: FairQueue, tenant: str) -> None:
    with suppress(TenantOverloaded):
        for _ in range(len(queue), 25_000):
            queue.put(request(tenant))


def put_all(queue: FairQueue, requests: list[Request]) -> None:
    for one in requests:
        queue.put(one)


def tenants(requests: list[Request]) -> list[str | None]:
    return [one.tenant for one in requests]


def test_with_ten_thousand_waiting_of_one_the_next_of_another_is_in_the_next_batch() -> None:
    queue = waiting(*["loud"] * 10_000, batch=512, share=128)
    queue.take(0)
    queue.put(request("quiet"))
    assert "quiet" in tenants(queue.take(0))


def test_tenants_have_equal_parts_of_a_batch_while_all_of_them_wait() -> None:
    queue = waiting(*["a"] * 1000, *["b"] * 1000, *["c"] * 1000, batch=96, share=96)
    taken = tenants(queue.take(0))
    assert [taken.count(name) for name in "abc"] == [32, 32, 32]


def test_one_tenant_alone_has_its_share_of_a_batch_and_no_more() -> None:
    queue = waiting(*["loud"] * 1000, batch=512, share=128)
    assert len(queue.take(0)) == 128


def test_the_commands_of_one_tenant_stay_in_their_order() -> None:
    requests = [request("a") for _ in range(50)]
    queue = waiting(*["b"] * 50)
    for one in requests:
        queue.put(one)
    taken = [one for _ in range(20) for one in queue.take(0) if one.tenant == "a"]
    assert taken == requests


def test_a_bulk_command_costs_its_tenant_as_many_turns_as_it_has_scales() -> None:
    queue = waiting(batch=400, share=400)
    for _ in range(10):
        queue.put(bulk("loud", 200))
        for _ in range(200):
            queue.put(request("quiet"))
    taken = tenants(queue.take(0))
    assert 1 <= taken.count("loud") <= 2
    assert taken.count("quiet") >= 192


def test_a_tenant_with_nothing_but_bulk_commands_is_served() -> None:
    queue = waiting(batch=64, share=64)
    for _ in range(3):
        queue.put(bulk("loud", 200))
    assert [len(queue.take(0)) for _ in range(4)] == [1, 1, 1, 0]


def test_what_the_region_asks_is_first_and_leaves_half_of_a_batch_to_tenants() -> None:
    queue = waiting(*["loud"] * 100, *[None] * 100)
    assert tenants(queue.take(0)) == [None] * 4 + ["loud"] * 4


def test_what_the_region_asks_has_the_whole_batch_while_no_tenant_waits() -> None:
    assert tenants(waiting(*[None] * 100).take(0)) == [None] * 8


def test_a_tenant_has_nearly_half_of_the_queue_at_most_and_the_others_go_on() -> None:
    queue = waiting(*["loud"] * 45, bound=100)
    with pytest.raises(TenantOverloaded, match="45 changes of this project are waiting"):
        queue.put(request("loud"))
    queue.put(request("quiet"))
    queue.put(request(None))
    assert len(queue) == 47


def test_bulk_commands_fill_the_queue_by_their_scales() -> None:
    queue = waiting(bound=1000)
    queue.put(bulk("loud", 200))
    queue.put(bulk("loud", 200))
    queue.put(bulk("loud", 200))
    with pytest.raises(TenantOverloaded, match="600 changes"):
        queue.put(bulk("loud", 1))
    queue.take_all()
    queue.put(bulk("loud", 200))
    assert len(queue) == 200


def test_many_loud_tenants_leave_room_for_one_more() -> None:
    queue = waiting(bound=100)
    for n in range(9):
        fill(queue, f"loud-{n}")
    queue.put(request("quiet"))
    queue.put(request(None))
    assert len(queue) < 100


def test_the_queue_is_bounded_in_all() -> None:
    queue = waiting(*map(str, range(5)), *[None] * 5, bound=10)
    for tenant in ("one more", None):
        with pytest.raises(Overloaded):
            queue.put(request(tenant))


def test_a_tenant_that_has_nothing_waiting_is_forgotten() -> None:
    queue = waiting(*map(str, range(100)), batch=512)
    queue.take(0)
    assert not queue._of_tenants
    assert not queue._turns


def test_all_that_wait_can_be_taken_at_once() -> None:
    queue = waiting("a", None, "b", "a")
    assert len(queue.take_all()) == 4
    assert len(queue) == 0
    assert queue.take(0) == []


def test_nothing_is_lost_or_taken_twice_between_threads() -> None:
    queue, requests = waiting(batch=64), [request(name) for name in "abcd" for _ in range(500)]
    with ThreadPoolExecutor(4) as pool:
        putting = [pool.submit(put_all, queue, requests[n::3]) for n in range(3)]
        taken: list[Request] = []
        while len(taken) < len(requests):
            taken += queue.take(10)
    assert all(not one.exception() for one in putting)
    assert sorted(one.because for one in taken) == sorted(one.because for one in requests)


def test_commands_of_several_tenants_are_decided_in_turn(new_region: NewRegion) -> None:
    region = new_region(bounds=BOUNDS)
    loud = [Ask(cores(n), by="loud", tenant="loud") for n in range(20)]
    region.ask_together(*loud, Ask(cores(99), by="quiet", tenant="quiet"))
    assert [fact.by for fact in region.facts].index("quiet") == 8
