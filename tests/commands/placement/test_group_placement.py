"""A server is built, and migrated for a scale, only where its group's policy lets it."""

from __future__ import annotations

from uuid import UUID

import pytest
from msgspec.structs import replace

from commands.placement.join_server_group import JoinServerGroup
from domain.hosts.neighbours import GroupPolicy
from domain.server import ScaleRetried, Server
from domain.shared.errors import NoValidHost, QuotaExceeded
from domain.shared.size import Size
from tests.commands.conftest import NewRegion
from tests.commands.kit.grouping import BUILD_IN_IT, GROUP, full, group, member
from tests.commands.kit.region import Region
from tests.commands.kit.standing import (
    BUILD,
    SECOND,
    THIRD,
    Past,
    at,
    events,
    flavor,
    held_by,
    host,
    image,
    limited,
    loaded,
    refusal,
    refused,
    scale,
    standing,
    told,
)
from tests.kit.examples import HOST, LARGE, SERVER, SMALL

MORE, LESS = Size(64, 262_144), Size(32, 131_072)
# The first of two hosts has more room, so that it is taken where nothing says otherwise.
TWO: Past = (*flavor(), *image(), *host(HOST, MORE), *host(SECOND, LESS))


def built_on(region: Region) -> str:
    region.ask(BUILD_IN_IT)
    return loaded(region).host


@pytest.mark.parametrize(
    ("policy", "others", "on"),
    [
        ("anti-affinity", (), HOST),
        ("anti-affinity", (HOST,), SECOND),
        ("affinity", (SECOND,), SECOND),
        ("soft-affinity", (SECOND,), SECOND),
        ("soft-affinity", (SECOND, HOST, HOST), HOST),
        ("soft-anti-affinity", (HOST,), SECOND),
        ("soft-anti-affinity", (HOST, SECOND, SECOND), HOST),
    ],
)
def test_a_build_goes_where_the_group_policy_wants_it(
    region: Region, policy: GroupPolicy, others: tuple[str, ...], on: str
) -> None:
    there = [member(0x20 + n, name) for n, name in enumerate(others)]
    region.given(*TWO, *group(policy), *(event for one in there for event in one))
    assert built_on(region) == on


def test_a_server_of_the_same_group_that_is_only_being_built_counts(region: Region) -> None:
    region.given(*TWO, *group())
    region.ask(replace(BUILD_IN_IT, server=GROUP, operation=GROUP))
    assert built_on(region) == SECOND


@pytest.mark.parametrize("on", [HOST, SECOND])
def test_affinity_builds_beside_the_others_or_not_at_all(region: Region, on: str) -> None:
    other = SECOND if on == HOST else HOST
    region.given(*TWO, *group("affinity"), *member(0x20, on), *full(on))
    short = refusal(region, BUILD_IN_IT)
    assert isinstance(short, NoValidHost)
    assert held_by(region, other) == Size(0, 0)


def test_anti_affinity_builds_no_more_members_than_there_are_hosts(region: Region) -> None:
    region.given(*TWO, *group(), *member(0x20, HOST), *member(0x21, SECOND))
    assert isinstance(refusal(region, BUILD_IN_IT), NoValidHost)
    region.ask(BUILD)


def test_anti_affinity_builds_as_many_on_a_host_as_its_rule_allows(region: Region) -> None:
    region.given(*TWO, *group(most=2), *member(0x20, HOST))
    assert built_on(region) == SECOND
    first, second, third = (
        replace(BUILD_IN_IT, server=UUID(int=n), operation=UUID(int=n)) for n in (0x30, 0x31, 0x32)
    )
    region.ask(first)
    region.ask(second)
    assert isinstance(refusal(region, third), NoValidHost)


def test_a_build_above_quota_is_not_told_about_hosts(region: Region) -> None:
    region.given(*TWO, *group(), *member(0x20, HOST), *member(0x21, SECOND), *limited(cores=1))
    assert isinstance(refusal(region, BUILD_IN_IT), QuotaExceeded)


# A scale that has to migrate


def crowded(policy: GroupPolicy, *others: Past, most: int | None = None) -> Past:
    """The server is alone in its group on a host that is full; two others have room."""
    there = tuple(event for one in others for event in one)
    made = (*flavor(), *image(), *standing(SMALL, MORE, LESS))
    return (*made, *group(policy, most), *there)


def grouped(region: Region, past: Past) -> Region:
    region.given(*past)
    region.ask(JoinServerGroup(group=GROUP, server=SERVER))
    return region


GROW = scale(LARGE, "migrate")


def goes(region: Region) -> str | None:
    region.ask(GROW)
    operation = loaded(region).operation
    return operation.to_host if operation else None


def test_a_scale_migrates_where_there_is_most_room(region: Region) -> None:
    assert goes(grouped(region, crowded("anti-affinity"))) == SECOND


def test_an_anti_affinity_scale_does_not_migrate_to_another_members_host(region: Region) -> None:
    assert goes(grouped(region, crowded("anti-affinity", member(0x20, SECOND)))) == THIRD


def test_an_anti_affinity_scale_migrates_where_the_rule_allows_it(region: Region) -> None:
    two = (*crowded("anti-affinity", member(0x20, SECOND), most=2), *full(THIRD))
    assert goes(grouped(region, two)) == SECOND


def test_anti_affinity_with_a_rule_takes_the_host_with_fewer_members_first(region: Region) -> None:
    two = crowded("anti-affinity", member(0x20, SECOND), most=2)
    assert goes(grouped(region, two)) == THIRD


def test_an_affinity_group_builds_nothing_while_a_member_migrates(region: Region) -> None:
    grouped(region, crowded("affinity"))
    assert goes(region) == SECOND
    another = replace(BUILD_IN_IT, server=UUID(int=0x30), operation=UUID(int=0x30))
    assert isinstance(refusal(region, another), NoValidHost)
    region.ask(refused("migrate", SECOND, HOST))
    assert isinstance(refusal(region, another), NoValidHost)  # its host is full


@pytest.mark.parametrize(
    ("policy", "others"),
    [("anti-affinity", (SECOND, THIRD)), ("affinity", (HOST,))],
)
def test_a_scale_that_would_break_the_group_policy_changes_nothing(
    region: Region, policy: GroupPolicy, others: tuple[str, ...]
) -> None:
    there = [member(0x20 + n, name) for n, name in enumerate(others)]
    grouped(region, crowded(policy, *there))
    assert isinstance(refusal(region, GROW), NoValidHost)


@pytest.mark.parametrize("policy", ["soft-affinity", "soft-anti-affinity"])
def test_a_soft_group_policy_only_prefers(region: Region, policy: GroupPolicy) -> None:
    grouped(region, crowded(policy, member(0x20, SECOND)))
    assert goes(region) == (SECOND if policy == "soft-affinity" else THIRD)


def test_soft_anti_affinity_gives_way_to_room(region: Region) -> None:
    others = [member(0x20, SECOND), member(0x21, SECOND), member(0x22, THIRD)]
    grouped(region, (*crowded("soft-anti-affinity", *others), *full(THIRD)))
    assert goes(region) == SECOND


def test_a_retry_obeys_the_group_as_it_is_by_then(region: Region) -> None:
    grouped(region, crowded("anti-affinity"))
    region.ask(GROW)
    region.ask(replace(BUILD_IN_IT, server=UUID(int=0x30), operation=UUID(int=0x30)))
    region.ask(refused("migrate", SECOND, HOST, no_capacity=True))
    assert loaded(region).operation is None
    assert not [one for one in events(region) if isinstance(one, ScaleRetried)]


def test_a_migrated_member_counts_on_its_new_host(region: Region) -> None:
    grouped(region, crowded("anti-affinity"))
    region.ask(GROW)
    region.ask(told(at(on=SECOND), "migrate", SECOND, HOST))
    region.ask(replace(BUILD_IN_IT, server=UUID(int=0x30), operation=UUID(int=0x30)))
    asked = region.store.load(Server, f"server:{UUID(int=0x30)}")
    assert asked
    assert asked.state.host == THIRD


def test_group_policies_are_obeyed_after_a_restart(region: Region, new_region: NewRegion) -> None:
    grouped(region, crowded("anti-affinity", member(0x20, SECOND)))
    region.end()
    assert goes(new_region(region.store)) == THIRD
