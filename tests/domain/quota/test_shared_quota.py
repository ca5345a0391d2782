"""What a project and all below it share is checked at every level at once, and counted at each."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from domain.quota import (
    ProjectQuota,
    QuotaClaimed,
    QuotaPath,
    QuotaReleased,
    SharedClaimed,
    SharedQuotaChanged,
    SharedReleased,
    UserQuota,
    claims,
    limiting,
)
from domain.quota.claims import Claims
from domain.quota.limiting import NotShared
from domain.shared.errors import LimitInvalid, QuotaBelowUsage, QuotaExceeded, Shortage
from domain.shared.resources import RESOURCES, Amounts
from tests.domain.quota.quotas import path
from tests.kit.examples import OPERATION, PROJECT, SERVER
from tests.kit.scenario import given

FOR = claims.For(server=SERVER, operation=OPERATION)
MINE = ProjectQuota(used={"cores": 2}, parent="team")
TEAM = ProjectQuota(used={"cores": 1}, below={"cores": 2}, shared={"cores": 6}, parent="acme")
ACME = ProjectQuota(below={"cores": 7}, shared={"cores": 10})
TREE = path(MINE, team=TEAM, acme=ACME)


def own(kind: type[QuotaClaimed | QuotaReleased], amounts: Amounts, used: Amounts) -> Claims:
    event = kind(project=PROJECT, server=SERVER, operation=OPERATION, amounts=amounts, used=used)
    return Claims(PROJECT, (event,))


def above(
    kind: type[SharedClaimed | SharedReleased], node: str, amounts: Amounts, below: Amounts
) -> Claims:
    return Claims(node, (kind(project=node, by_project=PROJECT, amounts=amounts, below=below),))


def short(limit: int, used: int, node: str, asked: int = 1) -> Shortage:
    return Shortage(
        resource="cores",
        asked=asked,
        used=used,
        limit=limit,
        left=max(0, limit - used),
        scope="shared",
        node=node,
    )


def refused(tree: QuotaPath, amounts: Amounts) -> list[Shortage]:
    with pytest.raises(QuotaExceeded) as caught:
        claims.claim(tree, amounts, FOR)
    assert caught.value.project == PROJECT
    return caught.value.shortages


def test_a_claim_counts_for_the_project_and_for_each_above_it() -> None:
    assert claims.claim(TREE, {"cores": 3}, FOR) == [
        own(QuotaClaimed, {"cores": 3}, used={"cores": 5}),
        above(SharedClaimed, "team", {"cores": 3}, below={"cores": 5}),
        above(SharedClaimed, "acme", {"cores": 3}, below={"cores": 10}),
    ]


def test_claims_count_above_even_where_nothing_is_limited() -> None:
    free = path(MINE, team=ProjectQuota())
    assert claims.claim(free, {"ram": 1}, FOR) == [
        own(QuotaClaimed, {"ram": 1}, used={"cores": 2, "ram": 1}),
        above(SharedClaimed, "team", {"ram": 1}, below={"ram": 1}),
    ]


def test_released_quota_is_released_at_each_level() -> None:
    assert claims.settle(TREE, {"cores": 2}, {"cores": 1, "ram": 8}, FOR) == [
        Claims(
            PROJECT,
            (
                *own(QuotaClaimed, {"ram": 8}, used={"cores": 2, "ram": 8}).events,
                *own(QuotaReleased, {"cores": 1}, used={"cores": 1, "ram": 8}).events,
            ),
        ),
        Claims(
            "team",
            (
                *above(SharedClaimed, "team", {"ram": 8}, {"cores": 2, "ram": 8}).events,
                *above(SharedReleased, "team", {"cores": 1}, {"cores": 1, "ram": 8}).events,
            ),
        ),
        Claims(
            "acme",
            (
                *above(SharedClaimed, "acme", {"ram": 8}, {"cores": 7, "ram": 8}).events,
                *above(SharedReleased, "acme", {"cores": 1}, {"cores": 6, "ram": 8}).events,
            ),
        ),
    ]


def test_settling_follows_reality_above_every_shared_limit() -> None:
    over = claims.settle(TREE, {}, {"cores": 90}, FOR)
    assert [one.project for one in over] == [PROJECT, "team", "acme"]


def test_the_tightest_shared_limit_is_named_by_its_project() -> None:
    assert refused(TREE, {"cores": 4}) == [short(6, 3, "team", asked=4)]


def test_a_shared_limit_far_above_holds_too() -> None:
    tight = path(MINE, team=TEAM, acme=replace(ACME, below={"cores": 9}))
    assert refused(tight, {"cores": 2}) == [short(10, 9, "acme", asked=2)]


def test_an_exceeded_limit_is_tighter_than_a_used_up_one() -> None:
    over = path(
        MINE, team=replace(TEAM, shared={"cores": 3}), acme=replace(ACME, shared={"cores": 1})
    )
    assert refused(over, {"cores": 1}) == [short(1, 7, "acme")]


def test_of_equally_tight_limits_the_nearest_is_named() -> None:
    equal = path(
        MINE, team=replace(TEAM, shared={"cores": 3}), acme=replace(ACME, shared={"cores": 7})
    )
    assert refused(equal, {"cores": 1}) == [short(3, 3, "team")]


def test_each_shortage_names_its_own_tightest_limit() -> None:
    tree = path(
        replace(MINE, limits={"ram": 10}),
        team=TEAM,
        acme=replace(ACME, shared={"cores": 90, "instances": 0}),
    )
    assert refused(tree, {"cores": 4, "ram": 11, "instances": 1}) == [
        short(6, 3, "team", asked=4),
        Shortage(resource="ram", asked=11, used=0, limit=10, left=10, node=PROJECT),
        replace(short(0, 0, "acme"), resource="instances"),
    ]


def test_what_a_project_shares_bounds_what_it_uses_itself() -> None:
    alone = path(replace(MINE, shared={"cores": 3}, below={"cores": 1}))
    assert refused(alone, {"cores": 1}) == [short(3, 3, PROJECT)]


def test_limits_of_the_project_above_do_not_bound_those_below() -> None:
    """Its own are for what it uses itself; for the others it shares something, or nothing."""
    assert claims.claim(path(MINE, team=ProjectQuota(limits={"cores": 0})), {"cores": 1}, FOR)


def test_nothing_is_shared_by_default() -> None:
    assert claims.claim(path(ProjectQuota(), {"cores": 1}, team=ProjectQuota()), {"cores": 1}, FOR)
    in_use = ProjectQuota(used={"cores": 1})
    assert path(MINE, {}, team=in_use).left("cores") is None


def test_what_is_left_is_the_least_over_all_levels() -> None:
    assert TREE.left("cores") == 3
    assert TREE._replace(defaults={"cores": 4}).left("cores") == 2
    assert path(MINE, team=TEAM, acme=replace(ACME, shared={"cores": 5})).left("cores") == 0


def test_users_projects_and_all_above_are_checked_together() -> None:
    anns = replace(MINE, users={"ann": UserQuota(limits={"cores": 3}, used={"cores": 2})})
    of_ann = path(anns, team=TEAM, acme=ACME, user="ann")
    assert refused(of_ann, {"cores": 2}) == [
        Shortage(resource="cores", asked=2, used=2, limit=3, left=1, scope="user", node="ann")
    ]
    assert of_ann.left("cores") == 1


def change(quota: ProjectQuota, limits: Amounts, *, force: bool = False) -> SharedQuotaChanged:
    return limiting.change_shared(quota, "acme", limits, force=force, reason="why")


def changed(limits: Amounts, was: Amounts | None = None) -> SharedQuotaChanged:
    return SharedQuotaChanged(project="acme", was=was or {}, limits=limits, reason="why")


BELOW = SharedClaimed(project="acme", by_project=PROJECT, amounts={"cores": 4}, below={"cores": 4})
OWN = QuotaClaimed(project="acme", server=SERVER, amounts={"cores": 3}, used={"cores": 3})


def test_shared_limits_are_replaced_as_a_whole() -> None:
    first = changed({"cores": 9, "ram": -1})
    given(ProjectQuota).when(lambda q: change(q, {"cores": 9, "ram": -1})).then(first)
    (
        given(ProjectQuota, first)
        .when(lambda q: change(q, {"instances": 3}))
        .then(changed({"instances": 3}, was={"cores": 9, "ram": -1}))
    )


def test_a_shared_limit_below_usage_must_be_forced() -> None:
    quota = given(ProjectQuota, BELOW, OWN)
    quota.when(lambda q: change(q, {"cores": 6})).then_refused(
        QuotaBelowUsage,
        shortages=[
            Shortage(
                resource="cores", asked=0, used=7, limit=6, left=0, scope="shared", node="acme"
            )
        ],
    )
    quota.when(lambda q: change(q, {"cores": 6}, force=True)).then(changed({"cores": 6}))
    quota.when(lambda q: change(q, {"cores": 7})).then(changed({"cores": 7}))


def test_a_shared_limit_that_stays_below_usage_is_no_obstacle_to_another() -> None:
    (
        given(ProjectQuota, BELOW, OWN, changed({"cores": 1}))
        .when(lambda q: change(q, {"cores": 1, "ram": 4096}))
        .then(changed({"cores": 1, "ram": 4096}, was={"cores": 1}))
    )


@pytest.mark.parametrize(
    "resource", sorted({*RESOURCES} - {"instances", "cores", "ram", "server_groups", "schedules"})
)
def test_a_shared_limit_on_an_uncountable_resource_is_refused(resource: str) -> None:
    (
        given(ProjectQuota)
        .when(lambda q: change(q, {resource: 1}, force=True))
        .then_refused(NotShared, resource=resource)
    )


def test_the_refusal_names_what_can_be_shared() -> None:
    assert str(NotShared(resource="key_pairs")) == (
        "A limit on key_pairs cannot be shared; these can: instances, cores, ram, server_groups, "
        "schedules."
    )


def test_a_shared_limit_is_a_limit() -> None:
    (
        given(ProjectQuota)
        .when(lambda q: change(q, {"cores": -2}))
        .then_refused(LimitInvalid, resource="cores", limit=-2)
    )
