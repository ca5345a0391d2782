"""Server groups are made within the quota, and given back to it when they are deleted."""

from __future__ import annotations

from uuid import UUID

import pytest
from msgspec.structs import replace

from commands.ledger.server_groups import GroupRecorded
from commands.placement.create_server_group import CreateServerGroup
from commands.placement.delete_server_group import DeleteServerGroup
from commands.quotas.set_quota import SetQuota
from domain.hosts.neighbours import GroupPolicy
from domain.hosts.server_group import GroupDeleted, RulesUnsupported
from domain.quota import QuotaClaimed, QuotaReleased, UserQuotaChanged
from domain.shared.errors import NotFound, QuotaExceeded, Shortage, StaleVersion
from tests.commands.kit.grouping import (
    GROUP,
    GROUP_STREAM,
    ONE,
    OTHER_GROUP,
    created,
    group,
    member,
    members,
)
from tests.commands.kit.region import QUOTA_STREAM, Region, told
from tests.commands.kit.standing import limited, refusal, standing
from tests.kit.examples import HOST, PROJECT

CREATE = CreateServerGroup(group=GROUP, project=PROJECT, name="web", policy="anti-affinity")
ANOTHER: CreateServerGroup = replace(CREATE, group=OTHER_GROUP)
DELETE = DeleteServerGroup(group=GROUP)


@pytest.mark.parametrize(
    ("policy", "most"),
    [
        ("affinity", None),
        ("anti-affinity", None),
        ("anti-affinity", 3),
        ("soft-affinity", None),
        ("soft-anti-affinity", None),
    ],
)
def test_groups_of_every_policy_are_created_and_counted(
    region: Region, policy: GroupPolicy, most: int | None
) -> None:
    wish = replace(
        CREATE, policy=policy, max_server_per_host=most, user="ann", reason="keep them apart"
    )
    answer = region.ask(wish)
    assert region.events == [
        (GROUP_STREAM, replace(created(policy, most), user="ann", reason="keep them apart")),
        (
            QUOTA_STREAM,
            QuotaClaimed(
                project=PROJECT, group=GROUP, amounts=ONE, used=ONE, user="ann", used_by_user=ONE
            ),
        ),
    ]
    assert told(answer, GroupRecorded) == GroupRecorded(
        id=GROUP,
        project=PROJECT,
        user="ann",
        name="web",
        policy=policy,
        max_server_per_host=most,
        members=[],
        version=1,
    )


def test_a_rule_is_refused_for_other_policies_than_anti_affinity(region: Region) -> None:
    wish = replace(CREATE, policy="soft-anti-affinity", max_server_per_host=2)
    assert isinstance(refusal(region, wish), RulesUnsupported)


def test_groups_are_created_up_to_the_projects_limit(region: Region) -> None:
    region.given(*limited(server_groups=1))
    region.ask(CREATE)
    short = refusal(region, ANOTHER)
    assert isinstance(short, QuotaExceeded)
    assert vars(short) == {
        "project": PROJECT,
        "shortages": [
            Shortage(resource="server_groups", asked=1, used=1, limit=1, left=0, node=PROJECT)
        ],
        "would_fit": None,
    }


def test_groups_are_created_up_to_the_users_limit(region: Region) -> None:
    none = UserQuotaChanged(project=PROJECT, user="ann", was={}, limits={"server_groups": 0})
    region.given((QUOTA_STREAM, none))
    short = refusal(region, replace(CREATE, user="ann"))
    assert isinstance(short, QuotaExceeded)
    assert [(one.scope, one.node) for one in short.shortages] == [("user", "ann")]
    region.ask(replace(CREATE, user="bob"))


def test_a_limit_that_is_lowered_takes_no_group_away(region: Region) -> None:
    region.ask(CREATE)
    region.ask(ANOTHER)
    region.ask(SetQuota(project=PROJECT, limits={"server_groups": 0}, force=True))
    region.ask(DELETE)
    short = refusal(region, replace(CREATE, group=UUID(int=9)))
    assert isinstance(short, QuotaExceeded)
    assert [(one.used, one.limit) for one in short.shortages] == [(1, 0)]


def test_a_deleted_group_gives_its_quota_back(region: Region) -> None:
    region.given(*group())
    region.ask(replace(DELETE, reason="done"))
    assert region.events == [
        (GROUP_STREAM, GroupDeleted(project=PROJECT, reason="done")),
        (
            QUOTA_STREAM,
            QuotaReleased(project=PROJECT, group=GROUP, amounts=ONE, used={"server_groups": 0}),
        ),
    ]


def test_a_deleted_group_gives_back_to_its_user(region: Region) -> None:
    region.ask(replace(CREATE, user="ann"))
    region.ask(DELETE)
    none = {"server_groups": 0}
    assert region.events[3] == (
        QUOTA_STREAM,
        QuotaReleased(
            project=PROJECT, group=GROUP, amounts=ONE, used=none, user="ann", used_by_user=none
        ),
    )


def test_servers_of_a_deleted_group_stay(region: Region) -> None:
    region.given(*standing(), *group(), *member(0x20, HOST))
    region.ask(DELETE)
    assert members(region) == []
    assert {stream for stream, _ in region.events} == {GROUP_STREAM, QUOTA_STREAM}


@pytest.mark.parametrize("times", [0, 1])
def test_an_unknown_group_is_not_deleted(region: Region, times: int) -> None:
    region.given(*(group() if times else ()))
    for _ in range(times):
        region.ask(DELETE)
    missing = refusal(region, DELETE)
    assert isinstance(missing, NotFound)
    assert vars(missing) == {"what": "server-group", "id": str(GROUP)}


def test_a_group_of_another_version_is_not_deleted(region: Region) -> None:
    region.given(*group(), *member(0x20, HOST))
    assert isinstance(refusal(region, replace(DELETE, expected=1)), StaleVersion)
    region.ask(replace(DELETE, expected=2))
