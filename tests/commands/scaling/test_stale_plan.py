"""Who scales by a plan gets what was planned, or is told that it would go otherwise now."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from commands.placement.set_host_terms import SetHostTerms
from commands.scaling.flag_server import FlagServer
from commands.scaling.scale_server import ScaleAccepted
from domain.quota import ProjectQuota
from domain.scaling.assess import Scale
from domain.scaling.plan import plan
from domain.server import Server
from domain.shared.errors import StalePlan
from domain.shared.size import Size
from tests.commands.kit.region import SERVER_STREAM, Region
from tests.commands.kit.region import told as answered
from tests.commands.kit.standing import scale, standing
from tests.domain.hosts.hosts import EXACTLY, room
from tests.domain.hosts.hosts import Region as Hosts
from tests.domain.quota.quotas import path
from tests.kit.examples import HOST, LARGE, MIDDLE, SERVER, SMALL

ROOMY = Hosts(host_1=room(), host_2=room())


def planned(region: Region, to: Size, hosts: Hosts = ROOMY) -> str:
    stream = region.store.load(Server, SERVER_STREAM)
    assert stream
    scale = Scale(
        server=stream.state, quota=path(ProjectQuota()), to=to, hosts=hosts, version=stream.version
    )
    return plan(scale).version


def test_a_scale_by_its_plan_goes_as_planned(region: Region) -> None:
    region.given(*standing())
    answer = region.ask(scale(LARGE, plan=planned(region, LARGE)))
    assert answered(answer, ScaleAccepted).mode == "live"


def test_a_migration_that_was_planned_goes_where_it_was_planned(region: Region) -> None:
    region.given(*standing(first=SMALL))
    crowded = Hosts(host_1=room(SMALL, used=SMALL), host_2=room())
    answer = region.ask(scale(LARGE, "migrate", plan=planned(region, LARGE, crowded)))
    assert answered(answer, ScaleAccepted).to_host == "host-2"


def test_the_plan_for_another_size_is_refused(region: Region) -> None:
    region.given(*standing())
    with pytest.raises(StalePlan):
        region.ask(scale(LARGE, plan=planned(region, MIDDLE)))
    assert region.events == []


def test_a_plan_is_refused_once_the_server_has_changed(region: Region) -> None:
    region.given(*standing())
    decided_on = planned(region, LARGE)
    region.ask(FlagServer(server=SERVER, scalable=False))
    region.ask(FlagServer(server=SERVER, scalable=True))
    with pytest.raises(StalePlan) as stale:
        region.ask(scale(LARGE, plan=decided_on))
    assert vars(stale.value) == {"planned": decided_on, "current": planned(region, LARGE)}


def test_a_plan_is_refused_once_the_scale_would_go_another_way(region: Region) -> None:
    region.given(*standing())
    decided_on = planned(region, LARGE)
    full = replace(EXACTLY, cpu_allocation_ratio=2 / 64)
    region.ask(SetHostTerms(host=HOST, terms=full))
    with pytest.raises(StalePlan):
        region.ask(scale(LARGE, "migrate", plan=decided_on))
