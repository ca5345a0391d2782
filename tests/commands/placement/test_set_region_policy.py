"""The policy of the region, set in part or whole."""

from __future__ import annotations

import pytest

from commands.placement.set_region_policy import PolicyRecorded, SetRegionPolicy
from domain.catalogue.region_policy import RegionPolicyChanged, RegionRules, RetriesInvalid
from domain.shared.errors import StaleVersion
from tests.commands.kit.region import Region, told

STREAM = "region:policy"
CLOSED = RegionPolicyChanged(was=RegionRules(), to=RegionRules(scaling=False))


def test_unnamed_rules_of_the_policy_stay(region: Region) -> None:
    region.ask(SetRegionPolicy(scaling=False))
    answer = region.ask(
        SetRegionPolicy(stopped_servers="when-running", scale_retries=0, reason="a trial")
    )
    then = RegionRules(scaling=False, stopped_servers="when-running", scale_retries=0)
    assert region.events == [
        (STREAM, CLOSED),
        (STREAM, RegionPolicyChanged(was=CLOSED.to, to=then, reason="a trial")),
    ]
    assert told(answer, PolicyRecorded) == PolicyRecorded(
        scaling=False, stopped_servers="when-running", scale_retries=0, version=2
    )


def test_setting_the_same_policy_records_nothing(region: Region) -> None:
    answer = region.ask(SetRegionPolicy(scaling=True, stopped_servers="always"))
    assert told(answer, PolicyRecorded).version == 0
    assert region.events == []


def test_a_policy_of_another_version_is_not_changed(region: Region) -> None:
    region.given((STREAM, CLOSED))
    with pytest.raises(StaleVersion) as refused:
        region.ask(SetRegionPolicy(scaling=True, expected=0))
    assert vars(refused.value) == {"expected": 0, "current": 1}
    region.ask(SetRegionPolicy(scaling=True, expected=1))
    assert len(region.events) == 1


def test_retries_out_of_range_are_refused(region: Region) -> None:
    with pytest.raises(RetriesInvalid):
        region.ask(SetRegionPolicy(scale_retries=11))
    assert region.events == []
