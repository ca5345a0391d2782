"""Default limits set at run time hold at once, and outlive a restart with other settings."""

from __future__ import annotations

import pytest

from commands.quotas.set_default_quota import SetDefaultQuota
from commands.quotas.set_quota_class import QuotaClassSet, SetQuotaClass
from domain.quota.quota_class import QuotaClassChanged
from domain.shared.errors import LimitInvalid, QuotaExceeded, ResourceUnknown, StaleVersion
from tests.commands.conftest import NewRegion
from tests.commands.kit.region import CLASS_STREAM, Region, told
from tests.commands.kit.standing import refusal, scale, standing
from tests.kit.examples import LARGE

SETTINGS = {"cores": 20, "ram": 51_200}
FIRST = (CLASS_STREAM, QuotaClassChanged(was={}, limits=SETTINGS))
FEWER = SetQuotaClass(limits={"cores": 3}, reason="less for all")
CHANGED = QuotaClassChanged(
    was=SETTINGS, limits={"cores": 3, "ram": 51_200}, own={"cores": 3}, reason="less for all"
)


def test_unnamed_limits_of_a_quota_class_stay(region: Region) -> None:
    region.given(FIRST)
    answer = region.ask(FEWER)
    assert region.events == [(CLASS_STREAM, CHANGED)]
    assert told(answer, QuotaClassSet) == QuotaClassSet(
        limits={"cores": 3, "ram": 51_200}, version=2
    )


def test_class_limits_hold_for_projects_without_limits_of_their_own(region: Region) -> None:
    region.given(FIRST, *standing())
    region.ask(FEWER)
    short = refusal(region, scale(LARGE))
    assert isinstance(short, QuotaExceeded)
    assert [(one.resource, one.limit) for one in short.shortages] == [("cores", 3)]


def test_new_settings_change_only_limits_not_set_at_run_time(
    region: Region, new_region: NewRegion
) -> None:
    region.given(FIRST)
    region.ask(FEWER)
    region.end()
    again = new_region(region.store)
    again.ask(SetDefaultQuota(limits={"cores": 40, "ram": 1024, "instances": 5}))
    assert again.events == [
        (
            CLASS_STREAM,
            QuotaClassChanged(
                was={"cores": 3, "ram": 51_200},
                limits={"cores": 3, "ram": 1024, "instances": 5},
                own={"cores": 3},
            ),
        )
    ]


def test_unchanged_settings_are_not_recorded(region: Region, new_region: NewRegion) -> None:
    region.given(FIRST)
    region.ask(FEWER)
    region.end()
    again = new_region(region.store)
    again.ask(SetDefaultQuota(limits=SETTINGS))
    assert again.events == []


def test_unchanged_run_time_limits_are_recorded_once(region: Region) -> None:
    region.given(FIRST)
    as_it_is = SetQuotaClass(limits={"cores": 20})
    region.ask(as_it_is)
    assert region.events == [
        (CLASS_STREAM, QuotaClassChanged(was=SETTINGS, limits=SETTINGS, own={"cores": 20}))
    ]
    assert told(region.ask(as_it_is), QuotaClassSet).version == 2
    assert len(region.events) == 1


def test_a_quota_class_without_facts_may_be_set(region: Region) -> None:
    answer = region.ask(SetQuotaClass(limits={"cores": 3}, expected=0))
    assert told(answer, QuotaClassSet) == QuotaClassSet(limits={"cores": 3}, version=1)


def test_a_quota_class_of_another_version_is_not_set(region: Region) -> None:
    region.given(FIRST)
    assert isinstance(refusal(region, SetQuotaClass(limits={}, expected=0)), StaleVersion)
    assert told(region.ask(SetQuotaClass(limits={}, expected=1)), QuotaClassSet).version == 1


@pytest.mark.parametrize(
    ("limits", "error"), [({"gpus": 1}, ResourceUnknown), ({"cores": -2}, LimitInvalid)]
)
def test_invalid_limits_of_a_quota_class_are_refused(
    region: Region, limits: dict[str, int], error: type
) -> None:
    assert type(refusal(region, SetQuotaClass(limits=limits))) is error
