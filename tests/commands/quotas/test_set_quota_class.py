"""Default limits set at run time hold at once, and outlive a restart with other settings."""

from __future__ import annotations

import pytest

from commands.ledger.default_quota import SetDefaultQuota
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


def test_what_is_not_named_stays(region: Region) -> None:
    region.given(FIRST)
    answer = region.ask(FEWER)
    assert region.events == [(CLASS_STREAM, CHANGED)]
    assert told(answer, QuotaClassSet) == QuotaClassSet(
        limits={"cores": 3, "ram": 51_200}, version=2
    )


def test_they_hold_for_whoever_has_no_limits_of_its_own(region: Region) -> None:
    region.given(FIRST, *standing())
    region.ask(FEWER)
    short = refusal(region, scale(LARGE))
    assert isinstance(short, QuotaExceeded)
    assert [(one.resource, one.limit) for one in short.shortages] == [("cores", 3)]


def test_other_settings_change_only_the_rest(region: Region, new_region: NewRegion) -> None:
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


def test_the_same_settings_again_are_no_fact(region: Region, new_region: NewRegion) -> None:
    region.given(FIRST)
    region.ask(FEWER)
    region.end()
    again = new_region(region.store)
    again.ask(SetDefaultQuota(limits=SETTINGS))
    assert again.events == []


def test_what_is_so_already_is_no_fact_once_somebody_has_said_it(region: Region) -> None:
    region.given(FIRST)
    as_it_is = SetQuotaClass(limits={"cores": 20})
    region.ask(as_it_is)
    assert region.events == [
        (CLASS_STREAM, QuotaClassChanged(was=SETTINGS, limits=SETTINGS, own={"cores": 20}))
    ]
    assert told(region.ask(as_it_is), QuotaClassSet).version == 2
    assert len(region.events) == 1


def test_a_class_that_nobody_has_set_yet_may_be_set(region: Region) -> None:
    answer = region.ask(SetQuotaClass(limits={"cores": 3}, expected=0))
    assert told(answer, QuotaClassSet) == QuotaClassSet(limits={"cores": 3}, version=1)


def test_is_set_by_who_knows_the_version(region: Region) -> None:
    region.given(FIRST)
    assert isinstance(refusal(region, SetQuotaClass(limits={}, expected=0)), StaleVersion)
    assert told(region.ask(SetQuotaClass(limits={}, expected=1)), QuotaClassSet).version == 1


@pytest.mark.parametrize(
    ("limits", "error"), [({"gpus": 1}, ResourceUnknown), ({"cores": -2}, LimitInvalid)]
)
def test_only_limits_that_mean_something_are_set(
    region: Region, limits: dict[str, int], error: type
) -> None:
    assert type(refusal(region, SetQuotaClass(limits=limits))) is error
