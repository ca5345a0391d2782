"""Users of a project may have limits of their own in it, never above the project's."""

from __future__ import annotations

import pytest

from domain.quota import (
    ProjectQuota,
    QuotaChanged,
    QuotaClaimed,
    QuotaReleased,
    UserQuota,
    UserQuotaChanged,
    claims,
    limiting,
)
from domain.quota.limiting import AboveProject
from domain.shared.errors import (
    LimitInvalid,
    QuotaBelowUsage,
    QuotaExceeded,
    ResourceUnknown,
    Shortage,
)
from domain.shared.events import Event
from domain.shared.resources import Amounts
from tests.domain.quota.quotas import of_project, path
from tests.kit.examples import OPERATION, PROJECT, SERVER
from tests.kit.scenario import given

DEFAULTS = {"instances": 10, "cores": 8, "ram": 8192}
FOR = claims.For(server=SERVER, operation=OPERATION)
ANN = UserQuotaChanged(project=PROJECT, user="ann", was={}, limits={"cores": 4})
OWN = QuotaChanged(project=PROJECT, was={}, limits={"cores": 6})


def claimed(amounts: Amounts, used: Amounts, by: Amounts, user: str = "ann") -> QuotaClaimed:
    return QuotaClaimed(
        project=PROJECT,
        server=SERVER,
        operation=OPERATION,
        amounts=amounts,
        used=used,
        user=user,
        used_by_user=by,
    )


THREE = claimed({"cores": 3}, used={"cores": 3}, by={"cores": 3})
FOUR_OF_BOB = claimed({"cores": 4}, used={"cores": 7}, by={"cores": 4}, user="bob")


def claim(quota: ProjectQuota, amounts: Amounts, user: str = "ann") -> list[Event]:
    return of_project(claims.claim(path(quota, DEFAULTS, user=user), amounts, FOR))


def change(
    quota: ProjectQuota, limits: Amounts, *, force: bool = False, defaults: Amounts = DEFAULTS
) -> UserQuotaChanged:
    return limiting.change_user(
        quota, PROJECT, "ann", limits, defaults=defaults, force=force, reason="why"
    )


def changed(limits: Amounts, was: Amounts | None = None) -> UserQuotaChanged:
    return UserQuotaChanged(project=PROJECT, user="ann", was=was or {}, limits=limits, reason="why")


def test_a_claim_of_a_user_counts_for_the_project_and_the_user() -> None:
    (
        given(ProjectQuota, FOUR_OF_BOB)
        .when(lambda q: claim(q, {"cores": 1, "ram": 512}))
        .then(
            claimed(
                {"cores": 1, "ram": 512},
                used={"cores": 8, "ram": 512},
                by={"cores": 1, "ram": 512},
            )
        )
    )


def test_a_claim_of_nobody_in_particular_counts_for_the_project_alone() -> None:
    (
        given(ProjectQuota, THREE)
        .when(lambda q: claim(q, {"cores": 1}, user=""))
        .then(claimed({"cores": 1}, used={"cores": 4}, by={}, user=""))
    )
    nobody = claimed({"cores": 1}, used={"cores": 4}, by={}, user="")
    ann = UserQuota(used={"cores": 3})
    assert given(ProjectQuota, THREE, nobody).state == ProjectQuota(
        used={"cores": 4}, users={"ann": ann}
    )


def test_a_users_release_counts_for_the_project_and_the_user() -> None:
    (
        given(ProjectQuota, THREE, FOUR_OF_BOB)
        .when(
            lambda q: of_project(
                claims.settle(path(q, user="ann"), {"cores": 3}, {"cores": 1, "ram": 9}, FOR)
            )
        )
        .then(
            claimed({"ram": 9}, used={"cores": 7, "ram": 9}, by={"cores": 3, "ram": 9}),
            QuotaReleased(
                project=PROJECT,
                server=SERVER,
                operation=OPERATION,
                amounts={"cores": 2},
                used={"cores": 5, "ram": 9},
                user="ann",
                used_by_user={"cores": 1, "ram": 9},
            ),
        )
    )


def test_a_user_takes_what_its_own_limit_leaves_to_the_last_one() -> None:
    (
        given(ProjectQuota, ANN, THREE)
        .when(lambda q: claim(q, {"cores": 1}))
        .then(claimed({"cores": 1}, used={"cores": 4}, by={"cores": 4}))
    )


def test_a_user_at_its_limit_is_refused_by_name_while_others_go_on() -> None:
    quota = given(ProjectQuota, ANN, THREE)
    quota.when(lambda q: claim(q, {"cores": 2})).then_refused(
        QuotaExceeded,
        project=PROJECT,
        shortages=[
            Shortage(resource="cores", asked=2, used=3, limit=4, left=1, scope="user", node="ann")
        ],
        would_fit=None,
    )
    quota.when(lambda q: claim(q, {"cores": 5}, "bob")).then(
        claimed({"cores": 5}, used={"cores": 8}, by={"cores": 5}, user="bob")
    )


def test_a_user_with_room_left_is_refused_where_the_project_has_none() -> None:
    (
        given(ProjectQuota, ANN, FOUR_OF_BOB)
        .when(lambda q: claim(q, {"cores": 2}))
        .then_refused(
            QuotaExceeded,
            project=PROJECT,
            shortages=[Shortage(resource="cores", asked=2, used=7, limit=8, left=1, node=PROJECT)],
            would_fit=None,
        )
    )


def test_of_several_limits_that_would_be_broken_the_tightest_is_told() -> None:
    much = claimed({"cores": 7}, used={"cores": 7}, by={"cores": 7})
    (
        given(ProjectQuota, ANN, much)
        .when(lambda q: claim(q, {"cores": 3}))
        .then_refused(
            QuotaExceeded,
            project=PROJECT,
            shortages=[
                Shortage(
                    resource="cores", asked=3, used=7, limit=4, left=0, scope="user", node="ann"
                )
            ],
            would_fit=None,
        )
    )


def test_what_is_left_to_a_user_is_the_least_that_any_limit_leaves() -> None:
    quota = given(ProjectQuota, ANN, THREE, FOUR_OF_BOB).state
    assert path(quota, DEFAULTS, user="ann").left("cores") == 1
    assert path(quota, {"cores": 20}, user="ann").left("cores") == 1
    assert path(quota, {"cores": 7}, user="ann").left("cores") == 0
    assert path(quota, {}, user="ann").left("cores") == 1
    assert path(quota, {}, user="eve").left("cores") is None


@pytest.mark.parametrize("limit", [0, 6])
def test_a_limit_up_to_the_projects_own_is_set(limit: int) -> None:
    (
        given(ProjectQuota, OWN)
        .when(lambda q: change(q, {"cores": limit}))
        .then(changed({"cores": limit}))
    )


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize(("limit", "most"), [(7, 6), (-1, 6)])
def test_a_limit_above_the_projects_is_refused_also_by_force(
    limit: int, most: int, *, force: bool
) -> None:
    (
        given(ProjectQuota, OWN)
        .when(lambda q: change(q, {"cores": limit}, force=force))
        .then_refused(AboveProject, resource="cores", limit=limit, most=most)
    )


def test_a_limit_above_the_quota_classs_is_refused_where_the_project_has_none() -> None:
    (
        given(ProjectQuota)
        .when(lambda q: change(q, {"ram": 8193}))
        .then_refused(AboveProject, resource="ram", limit=8193, most=8192)
    )


def test_the_refusal_names_the_projects_limit() -> None:
    assert str(AboveProject(resource="cores", limit=7, most=6)) == (
        "A user's limit of 7 for cores is above the project's limit of 6."
    )


@pytest.mark.parametrize("limit", [-1, 0, 10**6])
def test_below_an_unlimited_project_every_limit_is_set(limit: int) -> None:
    unlimited = QuotaChanged(project=PROJECT, was={}, limits={"cores": -1})
    (
        given(ProjectQuota, unlimited)
        .when(lambda q: change(q, {"cores": limit}))
        .then(changed({"cores": limit}))
    )


def test_an_unlimited_user_is_bound_by_its_project() -> None:
    unlimited = UserQuotaChanged(project=PROJECT, user="ann", was={}, limits={"cores": -1})
    quota = given(ProjectQuota, unlimited, OWN).state
    assert path(quota, DEFAULTS, user="ann").limit("cores") == 6
    assert path(quota, DEFAULTS, user="ann").left("cores") == 6


def test_a_project_limit_lowered_below_a_users_holds_for_the_user() -> None:
    lowered = QuotaChanged(project=PROJECT, was={}, limits={"cores": 2})
    quota = given(ProjectQuota, ANN, lowered)
    assert path(quota.state, DEFAULTS, user="ann").limit("cores") == 2
    quota.when(lambda q: claim(q, {"cores": 3})).then_refused(
        QuotaExceeded,
        project=PROJECT,
        shortages=[Shortage(resource="cores", asked=3, used=0, limit=2, left=2, node=PROJECT)],
        would_fit=None,
    )


def test_a_limit_that_stays_above_a_lowered_project_is_no_obstacle_to_another() -> None:
    lowered = QuotaChanged(project=PROJECT, was={}, limits={"cores": 2})
    (
        given(ProjectQuota, ANN, lowered)
        .when(lambda q: change(q, {"cores": 4, "ram": 1024}))
        .then(changed({"cores": 4, "ram": 1024}, was={"cores": 4}))
    )


def test_a_users_limit_below_usage_must_be_forced() -> None:
    quota = given(ProjectQuota, THREE, FOUR_OF_BOB)
    quota.when(lambda q: change(q, {"cores": 2})).then_refused(
        QuotaBelowUsage,
        shortages=[
            Shortage(resource="cores", asked=0, used=3, limit=2, left=0, scope="user", node="ann")
        ],
    )
    quota.when(lambda q: change(q, {"cores": 2}, force=True)).then(changed({"cores": 2}))
    quota.when(lambda q: change(q, {"cores": 3})).then(changed({"cores": 3}))


def test_unknown_resources_and_invalid_user_limits_are_refused() -> None:
    quota = given(ProjectQuota)
    quota.when(lambda q: change(q, {"gpus": 1})).then_refused(ResourceUnknown, resource="gpus")
    quota.when(lambda q: change(q, {"cores": -2}, force=True)).then_refused(
        LimitInvalid, resource="cores", limit=-2
    )


def test_setting_one_users_limits_leaves_other_users_and_usage() -> None:
    bobs = UserQuotaChanged(project=PROJECT, user="bob", was={}, limits={"ram": 1})
    assert given(ProjectQuota, ANN, FOUR_OF_BOB, bobs).state == ProjectQuota(
        used={"cores": 7},
        users={
            "ann": UserQuota(limits={"cores": 4}),
            "bob": UserQuota(limits={"ram": 1}, used={"cores": 4}),
        },
    )
