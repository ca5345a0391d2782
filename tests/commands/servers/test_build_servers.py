"""Several servers alike: as many as can be, all in one decision, or none."""

from __future__ import annotations

from uuid import UUID

import pytest
from msgspec.structs import replace

from commands.servers.build_servers import BuildsAccepted, BuildServers
from domain.server import BuildRequested
from domain.shared.errors import NotFound, NoValidHost, QuotaExceeded, Refused, Shortage
from domain.shared.size import Size
from tests.commands.kit.grouping import GROUP, group
from tests.commands.kit.region import Region
from tests.commands.kit.region import told as answered
from tests.commands.kit.standing import BUILD, events, flavor, host, image, limited, used
from tests.kit.examples import HOST, SMALL

CATALOGUE = (*flavor(), *image())
ROOMY = (*CATALOGUE, *host(HOST))


def wish(count: int, least: int = 1, group: UUID | None = None) -> BuildServers:
    builds = [
        replace(
            BUILD,
            server=UUID(int=number),
            operation=UUID(int=100 + number),
            name=f"web-{number}",
            group=group,
            launch="r-1",
            launch_index=number - 1,
        )
        for number in range(1, count + 1)
    ]
    return BuildServers(builds=tuple(builds), least=least)


def built(region: Region) -> list[BuildRequested]:
    return [event for event in events(region) if isinstance(event, BuildRequested)]


def refusal(region: Region, command: BuildServers) -> Refused:
    with pytest.raises(Refused) as caught:
        region.ask(command)
    assert region.events == []
    return caught.value


def test_several_servers_are_built_in_one_decision(region: Region) -> None:
    region.given(*ROOMY)
    accepted = answered(region.ask(wish(3)), BuildsAccepted).accepted
    assert [one.server for one in accepted] == [UUID(int=number) for number in (1, 2, 3)]
    assert [one.name for one in built(region)] == ["web-1", "web-2", "web-3"]
    assert [(one.spec.launch, one.spec.launch_index) for one in built(region)] == [
        ("r-1", 0),
        ("r-1", 1),
        ("r-1", 2),
    ]
    assert used(region) == {"instances": 3, "cores": 6, "ram": 12_288}


def test_as_many_servers_are_built_as_the_quota_allows(region: Region) -> None:
    region.given(*ROOMY, *limited(instances=2))
    assert len(answered(region.ask(wish(5)), BuildsAccepted).accepted) == 2
    assert used(region)["instances"] == 2


def test_as_many_servers_are_built_as_there_is_room_for(region: Region) -> None:
    region.given(*CATALOGUE, *host(HOST, Size(64, 2 * SMALL.memory_mib)))
    assert len(answered(region.ask(wish(5, least=2)), BuildsAccepted).accepted) == 2


def test_fewer_than_the_least_number_builds_none(region: Region) -> None:
    region.given(*CATALOGUE, *host(HOST, Size(64, 2 * SMALL.memory_mib)))
    assert isinstance(refusal(region, wish(5, least=3)), NoValidHost)


def test_the_quota_for_the_least_number_is_refused_as_one_sum(region: Region) -> None:
    region.given(*ROOMY, *limited(instances=2, cores=5))
    exceeded = refusal(region, wish(5, least=3))
    assert isinstance(exceeded, QuotaExceeded)
    assert [(one.resource, one.asked, one.limit) for one in exceeded.shortages] == [
        ("instances", 3, 2),
        ("cores", 6, 5),
    ]
    assert all(isinstance(one, Shortage) for one in exceeded.shortages)


def test_servers_of_an_anti_affinity_group_are_built_on_different_hosts(region: Region) -> None:
    region.given(*ROOMY, *host("host-2"), *group())
    accepted = answered(region.ask(wish(3, group=GROUP)), BuildsAccepted).accepted
    assert sorted(one.host for one in accepted) == [HOST, "host-2"]


def test_an_unknown_flavor_builds_no_servers(region: Region) -> None:
    region.given(*image(), *host(HOST))
    assert isinstance(refusal(region, wish(2)), NotFound)
