"""What tenants cost is counted for each, in bounded memory."""

from __future__ import annotations

import msgspec

from commands.engine.tenant_costs import OTHERS, REGION, Spent, TenantCost, TenantCosts
from commands.servers.describe_server import DescribeServer
from tests.commands.kit.region import Region
from tests.commands.kit.standing import standing
from tests.kit.examples import SERVER


def spent(tenant: str | None, *, facts: int = 1, seconds: float = 1.0) -> Spent:
    return Spent(tenant, facts, seconds)


def test_each_command_is_charged_with_its_own_facts() -> None:
    costs = TenantCosts()
    costs.charge([spent("a", facts=2), spent("b", facts=0), spent("a", seconds=0.5)], [10, 20, 30])
    assert costs.most(9) == [
        TenantCost(tenant="a", commands=2, facts=3, bytes=60, seconds=1.5),
        TenantCost(tenant="b", commands=1, facts=0, bytes=0, seconds=1.0),
    ]


def test_what_no_tenant_asks_for_is_the_regions() -> None:
    costs = TenantCosts()
    costs.charge([spent(None)], [7])
    assert costs.most(9) == [TenantCost(tenant=REGION, commands=1, facts=1, bytes=7, seconds=1.0)]


def test_facts_whose_sizes_are_not_known_are_counted() -> None:
    costs = TenantCosts()
    costs.charge([spent("a", facts=2)], [])
    assert costs.most(1) == [TenantCost(tenant="a", commands=1, facts=2, seconds=1.0)]


def test_those_who_cost_most_are_shown() -> None:
    costs = TenantCosts()
    costs.charge([spent(f"t{n}", seconds=n) for n in range(100)], [])
    assert [one.tenant for one in costs.most(3)] == ["t99", "t98", "t97"]


def test_of_too_many_tenants_those_who_cost_least_are_counted_together() -> None:
    costs = TenantCosts(bound=10)
    for n in range(1000):
        costs.charge([spent(f"t{n}", seconds=n)], [n])
    kept = costs.most(2000)
    assert len(kept) <= 10
    assert sum(one.commands for one in kept) == 1000
    assert sum(one.bytes for one in kept) == sum(range(1000))
    assert {"t999", OTHERS} <= {one.tenant for one in kept}


def test_what_is_shown_does_not_change_afterwards() -> None:
    costs = TenantCosts()
    costs.charge([spent("a")], [1])
    shown = costs.most(1)
    costs.charge([spent("a")], [1])
    assert shown[0].commands == 1


def test_a_command_is_charged_with_the_bytes_that_the_log_keeps_of_it(region: Region) -> None:
    region.given(*standing())
    before = {one.tenant: one for one in region.sequencer.costs.most(9)}
    region.ask(DescribeServer(server=SERVER, description="x" * 10_000))
    cost = region.sequencer.costs.most(1)[0]
    was = before.get(cost.tenant, TenantCost(tenant=cost.tenant))
    assert cost.facts - was.facts == 1
    assert cost.bytes - was.bytes == len(msgspec.json.encode(region.events[-1][1]))
