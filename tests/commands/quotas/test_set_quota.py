"""A project's own limits, and those of everybody who has none."""

from __future__ import annotations

import pytest

from commands.quotas.set_default_quota import SetDefaultQuota
from commands.quotas.set_quota import QuotaSet, SetQuota
from domain.quota import QuotaChanged
from domain.quota.quota_class import QuotaClassChanged
from domain.shared.errors import (
    LimitInvalid,
    QuotaBelowUsage,
    Refused,
    ResourceUnknown,
    Shortage,
    StaleVersion,
)
from tests.commands.kit.region import CLASS_STREAM, QUOTA_STREAM, Region, told
from tests.kit.examples import CLAIMED_AT_ADOPTION, PROJECT

OWN = (QUOTA_STREAM, QuotaChanged(project=PROJECT, was={}, limits={"cores": 20, "ram": 65536}))
DEFAULTS = (CLASS_STREAM, QuotaClassChanged(was={}, limits={"cores": 1}))


def changed(was: dict[str, int], limits: dict[str, int]) -> list[tuple[str, QuotaChanged]]:
    return [(QUOTA_STREAM, QuotaChanged(project=PROJECT, was=was, limits=limits))]


def test_the_named_limits_are_set_and_the_others_stay(region: Region) -> None:
    region.given(OWN)
    answer = region.ask(SetQuota(project=PROJECT, limits={"cores": 30, "instances": -1}))
    after = {"cores": 30, "ram": 65536, "instances": -1}
    assert region.events == changed({"cores": 20, "ram": 65536}, after)
    assert told(answer, QuotaSet) == QuotaSet(project=PROJECT, limits=after, version=2)
    assert answer.position == 2


def test_a_limit_set_to_none_follows_the_quota_class_again(region: Region) -> None:
    region.given(OWN)
    region.ask(SetQuota(project=PROJECT, limits={"cores": None}))
    assert region.events == changed({"cores": 20, "ram": 65536}, {"ram": 65536})


def test_unchanged_limits_are_not_recorded(region: Region) -> None:
    region.given(OWN)
    answer = region.ask(SetQuota(project=PROJECT, limits={"cores": 20, "instances": None}))
    assert region.events == []
    assert told(answer, QuotaSet).version == 1


def test_limits_expected_at_another_version_are_not_set(region: Region) -> None:
    region.given(OWN)
    region.ask(SetQuota(project=PROJECT, limits={"cores": 30}, expected=1))
    with pytest.raises(StaleVersion) as refused:
        region.ask(SetQuota(project=PROJECT, limits={"cores": 40}, expected=1))
    assert vars(refused.value) == {"expected": 1, "current": 2}
    assert region.events == changed({"cores": 20, "ram": 65536}, {"cores": 30, "ram": 65536})


def test_a_project_without_facts_is_at_version_0(region: Region) -> None:
    with pytest.raises(StaleVersion) as refused:
        region.ask(SetQuota(project=PROJECT, limits={"cores": 30}, expected=1))
    assert vars(refused.value) == {"expected": 1, "current": 0}
    answer = region.ask(SetQuota(project=PROJECT, limits={"cores": 30}, expected=0))
    assert told(answer, QuotaSet).version == 1


def test_a_limit_below_usage_is_set_only_by_force(region: Region) -> None:
    region.given((QUOTA_STREAM, CLAIMED_AT_ADOPTION))
    with pytest.raises(QuotaBelowUsage) as refused:
        region.ask(SetQuota(project=PROJECT, limits={"cores": 1}))
    assert refused.value.shortages == [
        Shortage(resource="cores", asked=0, used=2, limit=1, left=0, node=PROJECT)
    ]
    region.ask(SetQuota(project=PROJECT, limits={"cores": 1}, force=True))
    assert region.events == changed({}, {"cores": 1})


def test_falling_back_to_a_lower_quota_class_counts_as_below_usage(region: Region) -> None:
    region.given(DEFAULTS, OWN, (QUOTA_STREAM, CLAIMED_AT_ADOPTION))
    with pytest.raises(QuotaBelowUsage):
        region.ask(SetQuota(project=PROJECT, limits={"cores": None}))
    assert region.events == []


@pytest.mark.parametrize(
    ("limits", "error", "facts"),
    [
        ({"cores": -2}, LimitInvalid, {"resource": "cores", "limit": -2}),
        ({"cores": 2**31}, LimitInvalid, {"resource": "cores", "limit": 2**31}),
        ({"gpus": 1}, ResourceUnknown, {"resource": "gpus"}),
        ({"gpus": None}, ResourceUnknown, {"resource": "gpus"}),
    ],
)
def test_invalid_limits_are_refused(
    region: Region,
    limits: dict[str, int | None],
    error: type[Refused],
    facts: dict[str, object],
) -> None:
    with pytest.raises(error) as refused:
        region.ask(SetQuota(project=PROJECT, limits=limits, force=True))
    assert vars(refused.value) == facts
    assert region.events == []


def test_the_quota_class_is_set_as_a_whole(region: Region) -> None:
    region.given(DEFAULTS)
    region.ask(SetDefaultQuota(limits={"ram": 1024}))
    assert region.events == [
        (CLASS_STREAM, QuotaClassChanged(was={"cores": 1}, limits={"ram": 1024}))
    ]


def test_an_unchanged_quota_class_is_not_recorded(region: Region) -> None:
    region.given(DEFAULTS)
    assert region.ask(SetDefaultQuota(limits={"cores": 1})).position == 1
    assert region.events == []


def test_invalid_limits_of_the_quota_class_are_refused(region: Region) -> None:
    with pytest.raises(LimitInvalid) as refused:
        region.ask(SetDefaultQuota(limits={"cores": -2}))
    assert vars(refused.value) == {"resource": "cores", "limit": -2}
    assert region.events == []


def test_the_callers_reason_is_in_the_quota_fact(region: Region) -> None:
    region.ask(SetQuota(project=PROJECT, limits={"cores": 3}, reason="ticket 4711"))
    assert region.events == [
        (
            QUOTA_STREAM,
            QuotaChanged(project=PROJECT, was={}, limits={"cores": 3}, reason="ticket 4711"),
        )
    ]
