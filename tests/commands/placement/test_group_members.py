"""Servers join a group within the quota of members, and leave it when they are gone in any way."""

from __future__ import annotations

from uuid import UUID

import pytest
from msgspec.structs import replace

from commands.ledger.server_groups import GroupRecorded
from commands.placement.join_server_group import JoinServerGroup, LeaveServerGroup
from commands.servers.delete_server import DeleteServer
from domain.hosts.neighbours import GroupPolicy
from domain.hosts.server_group import InAnotherGroup, PolicyViolated
from domain.quota import UserQuotaChanged
from domain.server import GroupChanged, ServerAdopted
from domain.shared.errors import NotFound, QuotaExceeded, Shortage
from tests.commands.kit.grouping import (
    BUILD_IN_IT,
    GROUP,
    GROUP_STREAM,
    OTHER_GROUP,
    added,
    created,
    group,
    member,
    members,
    removed,
)
from tests.commands.kit.region import QUOTA_STREAM, SERVER_STREAM, Region, told
from tests.commands.kit.standing import (
    SECOND,
    flavor,
    host,
    image,
    limited,
    refusal,
    refused,
    scale,
    standing,
)
from tests.kit.examples import ADOPTED, DEADLINE, HOST, LARGE, NEXT_OPERATION, PROJECT, SERVER

JOIN = JoinServerGroup(group=GROUP, server=SERVER)
LEAVE = LeaveServerGroup(group=GROUP, server=SERVER)
JOINED = GroupChanged(was=None, group=GROUP)
LEFT = GroupChanged(was=GROUP, group=None)
DELETE = DeleteServer(server=SERVER, operation=NEXT_OPERATION, deadline=DEADLINE)


def in_group(region: Region, policy: GroupPolicy = "anti-affinity") -> Region:
    """The server is in it."""
    region.given(*standing(), *group(policy))
    region.ask(JOIN)
    return region


def of_group(region: Region) -> list[object]:
    return [event for stream, event in region.events if stream == GROUP_STREAM]


def test_an_existing_server_joins_a_group(region: Region) -> None:
    region.given(*standing(), *group())
    answer = region.ask(replace(JOIN, reason="why"))
    assert region.events == [
        (GROUP_STREAM, replace(added(), reason="why")),
        (SERVER_STREAM, replace(JOINED, reason="why")),
    ]
    assert told(answer, GroupRecorded) == GroupRecorded(
        id=GROUP,
        project=PROJECT,
        user="",
        name="web",
        policy="anti-affinity",
        max_server_per_host=None,
        members=[SERVER],
        version=2,
    )


def test_a_member_that_joins_again_stays_one(region: Region) -> None:
    in_group(region)
    answer = region.ask(JOIN)
    assert told(answer, GroupRecorded).version == 2
    assert len(region.events) == 2


def test_a_member_leaves_its_group(region: Region) -> None:
    in_group(region)
    answer = region.ask(LEAVE)
    assert region.events[2:] == [(GROUP_STREAM, removed()), (SERVER_STREAM, LEFT)]
    assert told(answer, GroupRecorded).members == []
    missing = refusal(region, LEAVE)
    assert isinstance(missing, NotFound)
    assert vars(missing) == {"what": "member", "id": str(SERVER)}
    region.ask(JOIN)
    assert members(region) == [SERVER]


def test_a_server_being_built_is_a_member_at_once(region: Region) -> None:
    region.given(*flavor(), *image(), *host(HOST), *group())
    region.ask(replace(BUILD_IN_IT, user="ann", reason="why"))
    assert region.events[0] == (GROUP_STREAM, replace(added(user="ann"), reason="why"))
    assert members(region) == [SERVER]


@pytest.mark.parametrize("wish", [JOIN, LEAVE])
def test_an_unknown_group_or_server_is_not_found(
    region: Region, wish: JoinServerGroup | LeaveServerGroup
) -> None:
    region.given(*standing(), *group())
    missing = refusal(region, replace(wish, group=OTHER_GROUP))
    assert isinstance(missing, NotFound)
    assert vars(missing) == {"what": "server-group", "id": str(OTHER_GROUP)}
    assert isinstance(refusal(region, replace(wish, server=UUID(int=0xE))), NotFound)


def test_a_server_of_another_project_cannot_join(region: Region) -> None:
    foreign: ServerAdopted = replace(ADOPTED, project="other")
    region.given((SERVER_STREAM, foreign), *group())
    missing = refusal(region, JOIN)
    assert isinstance(missing, NotFound)
    assert vars(missing) == {"what": "server", "id": str(SERVER)}


def test_a_group_of_another_project_is_not_there_for_a_build(region: Region) -> None:
    region.given(*flavor(), *image(), *host(HOST), (GROUP_STREAM, created(project="other")))
    missing = refusal(region, BUILD_IN_IT)
    assert isinstance(missing, NotFound)
    assert vars(missing) == {"what": "server-group", "id": str(GROUP)}


def test_an_unknown_group_is_not_there_for_a_build(region: Region) -> None:
    region.given(*flavor(), *image(), *host(HOST))
    assert isinstance(refusal(region, BUILD_IN_IT), NotFound)


def test_a_server_is_in_one_group_at_the_most(region: Region) -> None:
    in_group(region)
    other = replace(created(), name="db")
    region.store.record((f"server-group:{OTHER_GROUP}", other))
    twice = refusal(region, replace(JOIN, group=OTHER_GROUP))
    assert isinstance(twice, InAnotherGroup)
    assert vars(twice) == {"group": GROUP}


@pytest.mark.parametrize(
    ("policy", "on", "fits"),
    [
        ("anti-affinity", HOST, False),
        ("anti-affinity", SECOND, True),
        ("affinity", HOST, True),
        ("affinity", SECOND, False),
        ("soft-anti-affinity", HOST, True),
        ("soft-affinity", SECOND, True),
    ],
)
def test_a_server_joins_only_where_the_policy_allows_its_host(
    region: Region, policy: GroupPolicy, on: str, *, fits: bool
) -> None:
    region.given(*standing(), *group(policy), *member(0x20, on))
    if fits:
        region.ask(JOIN)
        assert members(region) == [UUID(int=0x20), SERVER]
    else:
        broken = refusal(region, JOIN)
        assert isinstance(broken, PolicyViolated)
        assert vars(broken) == {"policy": policy}


def test_a_migrating_member_counts_on_both_hosts(region: Region) -> None:
    region.given(*standing(first=replace(LARGE, vcpus=2)), *group(), *member(0x20, SECOND))
    region.ask(scale(LARGE, "migrate"))
    assert isinstance(refusal(region, JOIN), PolicyViolated)
    region.ask(refused("migrate", SECOND, HOST))
    region.ask(JOIN)


def test_nobody_joins_an_affinity_group_while_a_member_migrates(region: Region) -> None:
    """Neither where the only member comes from nor where it goes: it may end on either."""
    region.given(*standing(first=replace(LARGE, vcpus=2)), *group("affinity"))
    others = [UUID(int=0x30), UUID(int=0x31)]
    for other, on in zip(others, (HOST, SECOND), strict=True):
        region.store.record((f"server:{other}", replace(ADOPTED, host=on)))
    region.ask(JOIN)
    region.ask(scale(LARGE, "migrate"))
    for other in others:
        assert isinstance(refusal(region, replace(JOIN, server=other)), PolicyViolated)
    region.ask(refused("migrate", SECOND, HOST))
    region.ask(replace(JOIN, server=others[0]))
    assert isinstance(refusal(region, replace(JOIN, server=others[1])), PolicyViolated)


# The quota of members


def test_members_are_counted_by_user_and_group(region: Region) -> None:
    region.given(
        *standing(),
        *limited(server_group_members=2),
        *group("soft-affinity"),
        *member(0x20, HOST),
        *member(0x21, HOST, user="ann"),
    )
    region.ask(JOIN)
    region.store.record(("server:" + str(UUID(int=0x22)), ADOPTED))
    short = refusal(region, JoinServerGroup(group=GROUP, server=UUID(int=0x22)))
    assert isinstance(short, QuotaExceeded)
    assert vars(short) == {
        "project": PROJECT,
        "shortages": [
            Shortage(
                resource="server_group_members",
                asked=1,
                used=2,
                limit=2,
                left=0,
                scope="group",
                node=str(GROUP),
            )
        ],
        "would_fit": None,
    }


def test_a_users_own_limit_of_group_members_holds(region: Region) -> None:
    of_ann = {"server_group_members": 1}
    own = UserQuotaChanged(project=PROJECT, user="ann", was={}, limits=of_ann)
    region.given(
        *flavor(),
        *image(),
        *host(HOST),
        *group("soft-affinity"),
        *member(0x20, HOST, user="ann"),
        (QUOTA_STREAM, own),
    )
    assert isinstance(refusal(region, replace(BUILD_IN_IT, user="ann")), QuotaExceeded)
    region.ask(replace(BUILD_IN_IT, user="bob"))
    assert len(members(region)) == 2
