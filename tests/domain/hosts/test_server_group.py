"""A server group holds servers together, or apart, as many as their users may have in one."""

from __future__ import annotations

from uuid import UUID

import pytest
from msgspec.structs import replace

from domain.hosts.neighbours import GroupPolicy
from domain.hosts.server_group import (
    GroupCreated,
    GroupDeleted,
    InAnotherGroup,
    MemberAdded,
    MemberRemoved,
    PolicyViolated,
    RulesUnsupported,
    ServerGroup,
)
from domain.shared.errors import QuotaExceeded, Shortage
from domain.shared.events import Event
from tests.kit.examples import OTHER_SERVER, PROJECT, SERVER
from tests.kit.scenario import given

GROUP = "7"
CREATED = GroupCreated(project=PROJECT, user="ann", name="web", policy="anti-affinity")
EVERY: tuple[GroupPolicy, ...] = (
    "affinity",
    "anti-affinity",
    "soft-affinity",
    "soft-anti-affinity",
)


def create(policy: GroupPolicy, most: int | None = None) -> GroupCreated:
    return ServerGroup.create(
        project=PROJECT,
        user="ann",
        name="web",
        policy=policy,
        max_server_per_host=most,
        reason="why",
    )


def added(server: UUID = SERVER, user: str = "ann") -> MemberAdded:
    return MemberAdded(project=PROJECT, server=server, user=user)


def members(group: ServerGroup) -> list[tuple[UUID, str]]:
    return [(member.server, member.user) for member in group.members]


@pytest.mark.parametrize("policy", EVERY)
def test_each_of_novas_policies_makes_a_group(policy: GroupPolicy) -> None:
    assert create(policy) == replace(CREATED, policy=policy, reason="why")


def test_a_rule_is_accepted_with_anti_affinity() -> None:
    assert create("anti-affinity", 2) == replace(CREATED, max_server_per_host=2, reason="why")


@pytest.mark.parametrize("policy", sorted({*EVERY} - {"anti-affinity"}))
def test_a_rule_is_refused_with_any_other_policy(policy: GroupPolicy) -> None:
    with pytest.raises(RulesUnsupported) as caught:
        create(policy, 2)
    assert vars(caught.value) == {"policy": policy}
    assert str(caught.value) == "Only anti-affinity policy supports rules."


def add(group: ServerGroup, user: str, limit: int, server: UUID = SERVER) -> MemberAdded:
    return group.add(GROUP, server, user=user, limit=limit)


@pytest.mark.parametrize("limit", [1, 10, -1])
def test_a_member_is_added_up_to_the_last_that_its_user_may_have(limit: int) -> None:
    given(ServerGroup, CREATED).when(lambda g: add(g, "ann", limit)).then(added())


def test_members_are_counted_by_user() -> None:
    group = given(ServerGroup, CREATED, added(), added(OTHER_SERVER, "bob"))
    third = UUID(int=0xC)
    group.when(lambda g: add(g, "ann", 1, third)).then_refused(
        QuotaExceeded,
        project=PROJECT,
        shortages=[
            Shortage(
                resource="server_group_members",
                asked=1,
                used=1,
                limit=1,
                left=0,
                scope="group",
                node=GROUP,
            )
        ],
        would_fit=None,
    )
    group.when(lambda g: add(g, "ann", 2, third)).then(added(third))
    group.when(lambda g: add(g, "eve", 1, third)).then(added(third, "eve"))


def test_a_member_limit_of_0_allows_nobody() -> None:
    with pytest.raises(QuotaExceeded):
        add(given(ServerGroup, CREATED).state, "ann", 0)


def test_a_group_above_a_lowered_limit_stays_as_it_is_and_takes_nobody() -> None:
    group = given(ServerGroup, CREATED, added(), added(OTHER_SERVER))
    with pytest.raises(QuotaExceeded) as caught:
        add(group.state, "ann", 1, UUID(int=0xC))
    (short,) = caught.value.shortages
    assert (short.used, short.limit, short.left) == (2, 1, 0)
    assert members(group.state) == [(SERVER, "ann"), (OTHER_SERVER, "ann")]


def test_members_stand_in_the_order_in_which_they_came() -> None:
    state = given(ServerGroup, CREATED, added(OTHER_SERVER), added(SERVER, "bob")).state
    assert members(state) == [(OTHER_SERVER, "ann"), (SERVER, "bob")]


def test_a_member_that_left_is_no_longer_counted() -> None:
    removed = MemberRemoved(project=PROJECT, server=SERVER, reason="why")
    given(ServerGroup, CREATED, added()).when(lambda g: g.remove(SERVER, "why")).then(removed)
    state = given(ServerGroup, CREATED, added(), added(OTHER_SERVER), removed).state
    assert members(state) == [(OTHER_SERVER, "ann")]
    assert state.members_of("ann") == 1


def test_a_deleted_group_has_nobody_and_claims_nothing() -> None:
    deleted = GroupDeleted(project=PROJECT, reason="why")
    past: tuple[Event, ...] = (CREATED, added())
    given(ServerGroup, *past).when(lambda g: g.delete("why")).then(deleted)
    state = given(ServerGroup, *past, deleted).state
    assert (state.deleted, state.members, state.claimed()) == (True, (), {})


def test_an_existing_group_claims_one_group_of_quota() -> None:
    assert given(ServerGroup, CREATED).state.claimed() == {"server_groups": 1}


def test_refusals_say_why_a_server_may_not_join() -> None:
    assert str(PolicyViolated(policy="affinity")) == (
        "The server cannot join: where it runs, it would break the policy affinity."
    )
    assert str(InAnotherGroup(group=UUID(int=7))) == (
        f"The server is already in group {UUID(int=7)}; remove it from there first."
    )
