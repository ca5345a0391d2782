"""The region's policy changes as a whole, and every change tells what it was before."""

from __future__ import annotations

import pytest

from domain.catalogue.region_policy import (
    RegionPolicy,
    RegionPolicyChanged,
    RegionRules,
    RetriesInvalid,
)
from tests.kit.scenario import given

CLOSED = RegionRules(scaling=False, stopped_servers="when-running", scale_retries=0)
CHANGED = RegionPolicyChanged(was=RegionRules(), to=CLOSED, reason="an incident")


def test_by_default_scaling_is_allowed_and_stopped_servers_count() -> None:
    assert given(RegionPolicy).state == RegionPolicy(
        scaling=True, stopped_servers="always", scale_retries=2
    )


def test_a_policy_change_has_the_rules_before_and_after() -> None:
    given(RegionPolicy).when(lambda p: p.change(CLOSED, "an incident")).then(CHANGED)
    again = RegionRules(scaling=True)
    (
        given(RegionPolicy, CHANGED)
        .when(lambda p: p.change(again))
        .then(RegionPolicyChanged(was=CLOSED, to=again))
    )


def test_the_policy_is_as_it_was_changed_last() -> None:
    state = given(RegionPolicy, CHANGED).state
    assert isinstance(state, RegionPolicy)
    assert state.rules() == CLOSED


@pytest.mark.parametrize("retries", [-1, 11])
def test_retries_out_of_range_are_refused(retries: int) -> None:
    """C-R22; none of CloudStack's -1, which is for ever."""
    (
        given(RegionPolicy)
        .when(lambda p: p.change(RegionRules(scale_retries=retries)))
        .then_refused(RetriesInvalid, asked=retries)
    )
