"""A project claims up to its limits, and reality has no quota."""

from __future__ import annotations

import pytest

from domain.quota import ProjectQuota, QuotaChanged, QuotaClaimed, QuotaReleased, claims, limiting
from domain.quota.limits import MOST
from domain.shared.errors import (
    LimitInvalid,
    QuotaBelowUsage,
    QuotaExceeded,
    ResourceUnknown,
    Shortage,
)
from domain.shared.events import Event
from domain.shared.resources import Amounts, held
from domain.shared.size import Size
from tests.domain.quota.quotas import of_project, path
from tests.kit.examples import CLAIMED_AT_ADOPTION, OPERATION, PROJECT, SERVER, SMALL
from tests.kit.scenario import given

DEFAULTS = {"instances": 10, "cores": 4, "ram": 8192}
OWN = QuotaChanged(project=PROJECT, was={}, limits={"cores": 20})


FOR = claims.For(server=SERVER, operation=OPERATION)


def claim(quota: ProjectQuota, amounts: Amounts, defaults: Amounts | None = None) -> list[Event]:
    limits = DEFAULTS if defaults is None else defaults
    return of_project(claims.claim(path(quota, limits), amounts, FOR))


def change(quota: ProjectQuota, limits: Amounts, *, force: bool = False) -> QuotaChanged:
    return limiting.change(quota, PROJECT, limits, defaults=DEFAULTS, force=force)


def claimed(amounts: Amounts, used: Amounts) -> QuotaClaimed:
    return QuotaClaimed(
        project=PROJECT, server=SERVER, operation=OPERATION, amounts=amounts, used=used
    )


def test_a_project_claims_up_to_its_limits() -> None:
    (
        given(ProjectQuota, CLAIMED_AT_ADOPTION)
        .when(lambda q: claim(q, {"cores": 2, "ram": 4096}))
        .then(
            claimed({"cores": 2, "ram": 4096}, used={"instances": 1, "cores": 4, "ram": 8192}),
        )
    )


def test_a_claim_above_the_limits_names_every_shortage() -> None:
    (
        given(ProjectQuota, CLAIMED_AT_ADOPTION)
        .when(lambda q: claim(q, {"instances": 1, "cores": 3, "ram": 4097}))
        .then_refused(
            QuotaExceeded,
            project=PROJECT,
            shortages=[
                Shortage(resource="cores", asked=3, used=2, limit=4, left=2, node=PROJECT),
                Shortage(
                    resource="ram", asked=4097, used=4096, limit=8192, left=4096, node=PROJECT
                ),
            ],
            would_fit=None,
        )
    )


def test_a_projects_own_limit_goes_before_the_quota_class() -> None:
    (
        given(ProjectQuota, CLAIMED_AT_ADOPTION, OWN)
        .when(lambda q: claim(q, {"cores": 18}))
        .then(claimed({"cores": 18}, used={"instances": 1, "cores": 20, "ram": 4096}))
    )


@pytest.mark.parametrize("unlimited", [{"cores": -1}, {}])
def test_an_unlimited_resource_is_never_short(unlimited: Amounts) -> None:
    (
        given(ProjectQuota)
        .when(lambda q: claim(q, {"cores": 10**9}, unlimited))
        .then(claimed({"cores": 10**9}, used={"cores": 10**9}))
    )


def test_a_limit_of_0_allows_nothing() -> None:
    (
        given(ProjectQuota)
        .when(lambda q: claim(q, {"cores": 1}, {"cores": 0}))
        .then_refused(
            QuotaExceeded,
            project=PROJECT,
            shortages=[Shortage(resource="cores", asked=1, used=0, limit=0, left=0, node=PROJECT)],
            would_fit=None,
        )
    )


def test_a_project_above_one_limit_may_claim_other_resources() -> None:
    lowered = QuotaChanged(project=PROJECT, was={}, limits={"cores": 1})
    over = given(ProjectQuota, CLAIMED_AT_ADOPTION, lowered)
    over.when(lambda q: claim(q, {"cores": 1})).then_refused(
        QuotaExceeded,
        project=PROJECT,
        shortages=[Shortage(resource="cores", asked=1, used=2, limit=1, left=0, node=PROJECT)],
        would_fit=None,
    )
    over.when(lambda q: claim(q, {"ram": 1})).then(
        claimed({"ram": 1}, used={"instances": 1, "cores": 2, "ram": 4097})
    )


def settle(quota: ProjectQuota, was: Size, real: Size) -> list[Event]:
    return of_project(claims.settle(path(quota), held(was), held(real), FOR))


def released(amounts: Amounts, used: Amounts) -> QuotaReleased:
    return QuotaReleased(
        project=PROJECT, server=SERVER, operation=OPERATION, amounts=amounts, used=used
    )


def test_nothing_is_settled_when_reality_is_as_claimed() -> None:
    given(ProjectQuota, CLAIMED_AT_ADOPTION).when(lambda q: settle(q, SMALL, SMALL)).then()


def test_settling_releases_what_does_not_exist() -> None:
    (
        given(ProjectQuota, CLAIMED_AT_ADOPTION)
        .when(lambda q: settle(q, SMALL, Size(1, 4096)))
        .then(released({"cores": 1}, used={"instances": 1, "cores": 1, "ram": 4096}))
    )


def test_settling_follows_reality_even_above_the_limit() -> None:
    tight = QuotaChanged(project=PROJECT, was={}, limits={"cores": 2, "ram": 4096})
    (
        given(ProjectQuota, CLAIMED_AT_ADOPTION, tight)
        .when(lambda q: settle(q, SMALL, Size(8, 8192)))
        .then(
            claimed({"cores": 6, "ram": 4096}, used={"instances": 1, "cores": 8, "ram": 8192}),
        )
    )


def test_settling_claims_one_resource_and_releases_another() -> None:
    (
        given(ProjectQuota, CLAIMED_AT_ADOPTION)
        .when(lambda q: settle(q, SMALL, Size(3, 1024)))
        .then(
            claimed({"cores": 1}, used={"instances": 1, "cores": 3, "ram": 4096}),
            released({"ram": 3072}, used={"instances": 1, "cores": 3, "ram": 1024}),
        )
    )


def test_limits_are_replaced_as_a_whole() -> None:
    (
        given(ProjectQuota, OWN)
        .when(lambda q: change(q, {"ram": -1, "instances": MOST}))
        .then(
            QuotaChanged(project=PROJECT, was={"cores": 20}, limits={"ram": -1, "instances": MOST})
        )
    )


@pytest.mark.parametrize("limit", [-2, MOST + 1])
def test_a_limit_is_unlimited_or_a_count(limit: int) -> None:
    (
        given(ProjectQuota)
        .when(lambda q: change(q, {"cores": limit}))
        .then_refused(LimitInvalid, resource="cores", limit=limit)
    )


def test_only_known_resources_have_limits() -> None:
    (
        given(ProjectQuota)
        .when(lambda q: change(q, {"floppies": 1}))
        .then_refused(ResourceUnknown, resource="floppies")
    )


def test_a_limit_below_what_is_in_use_must_be_forced() -> None:
    in_use = given(ProjectQuota, CLAIMED_AT_ADOPTION)
    in_use.when(lambda q: change(q, {"cores": 1})).then_refused(
        QuotaBelowUsage,
        shortages=[Shortage(resource="cores", asked=0, used=2, limit=1, left=0, node=PROJECT)],
    )
    in_use.when(lambda q: change(q, {"cores": 1}, force=True)).then(
        QuotaChanged(project=PROJECT, was={}, limits={"cores": 1})
    )


def test_force_allows_no_invalid_limit() -> None:
    (
        given(ProjectQuota)
        .when(lambda q: change(q, {"cores": -7}, force=True))
        .then_refused(LimitInvalid, resource="cores", limit=-7)
    )


def test_falling_back_to_a_quota_class_below_what_is_in_use_must_be_forced() -> None:
    many = claimed({"cores": 9}, used={"instances": 1, "cores": 9, "ram": 1024})
    (
        given(ProjectQuota, OWN, many)
        .when(lambda q: change(q, {}))
        .then_refused(
            QuotaBelowUsage,
            shortages=[Shortage(resource="cores", asked=0, used=9, limit=4, left=0, node=PROJECT)],
        )
    )


def test_a_limit_that_stays_below_usage_does_not_stand_in_the_way_of_another() -> None:
    forced = QuotaChanged(project=PROJECT, was={}, limits={"cores": 1})
    (
        given(ProjectQuota, CLAIMED_AT_ADOPTION, forced)
        .when(lambda q: change(q, {"cores": 1, "ram": 16384}))
        .then(
            QuotaChanged(project=PROJECT, was={"cores": 1}, limits={"cores": 1, "ram": 16384}),
        )
    )


def test_a_quota_tells_what_is_left() -> None:
    quota = given(ProjectQuota, CLAIMED_AT_ADOPTION).state
    assert path(quota, DEFAULTS).left("cores") == 2
    assert path(quota, {"cores": 1}).left("cores") == 0
    assert path(quota, {"cores": -1}).left("cores") is None
    assert path(quota, {}).left("cores") is None
