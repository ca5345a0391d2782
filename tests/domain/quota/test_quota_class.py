"""The limits of every project that has none of its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from domain.quota.quota_class import QuotaClass, QuotaClassChanged
from domain.shared.errors import LimitInvalid, ResourceUnknown
from domain.shared.resources import Amounts
from tests.kit.scenario import given

FIRST = QuotaClassChanged(was={}, limits={"cores": 20})


def test_the_settings_replace_the_whole_quota_class() -> None:
    given(QuotaClass).when(lambda c: c.configure({"cores": 20})).then(FIRST)
    (
        given(QuotaClass, FIRST)
        .when(lambda c: c.configure({"ram": -1}))
        .then(QuotaClassChanged(was={"cores": 20}, limits={"ram": -1}))
    )


def test_the_quota_class_is_as_it_was_changed_last() -> None:
    second = QuotaClassChanged(was={"cores": 20}, limits={"ram": 1024}, own={"ram": 1024})
    last = QuotaClass(limits={"ram": 1024}, own={"ram": 1024})
    assert given(QuotaClass, FIRST, second).state == last


def test_limits_not_named_at_run_time_stay() -> None:
    (
        given(QuotaClass, FIRST)
        .when(lambda c: c.change({"ram": -1}, "more memory for all"))
        .then(
            QuotaClassChanged(
                was={"cores": 20},
                limits={"cores": 20, "ram": -1},
                own={"ram": -1},
                reason="more memory for all",
            )
        )
    )


def test_limits_set_at_run_time_go_before_new_settings() -> None:
    at_run_time = QuotaClassChanged(was={"cores": 20}, limits={"cores": 5}, own={"cores": 5})
    (
        given(QuotaClass, FIRST, at_run_time)
        .when(lambda c: c.configure({"cores": 40, "ram": 1024}))
        .then(
            QuotaClassChanged(was={"cores": 5}, limits={"cores": 5, "ram": 1024}, own={"cores": 5})
        )
    )


def test_a_run_time_limit_equal_to_the_settings_is_kept_too() -> None:
    at_run_time = QuotaClassChanged(was={"cores": 20}, limits={"cores": 20}, own={"cores": 20})
    given(QuotaClass, FIRST).when(lambda c: c.change({"cores": 20})).then(at_run_time)
    (
        given(QuotaClass, FIRST, at_run_time)
        .when(lambda c: c.configure({"cores": 40}))
        .then(replace(at_run_time, limits={"cores": 20}))
    )


Says = Callable[[QuotaClass, Amounts], QuotaClassChanged]


@pytest.mark.parametrize("says", [QuotaClass.change, QuotaClass.configure])
def test_invalid_limits_of_a_quota_class_are_refused(says: Says) -> None:
    (
        given(QuotaClass)
        .when(lambda c: says(c, {"ram": -2}))
        .then_refused(LimitInvalid, resource="ram", limit=-2)
    )
    (
        given(QuotaClass)
        .when(lambda c: says(c, {"gpus": 1}))
        .then_refused(ResourceUnknown, resource="gpus")
    )
