"""The limits of every project that has none of its own."""

from __future__ import annotations

from domain.errors import LimitInvalid, ResourceUnknown
from domain.quota_class import QuotaClass, QuotaClassChanged
from tests.scenario import given

FIRST = QuotaClassChanged(was={}, limits={"cores": 20})


def test_is_changed_as_a_whole() -> None:
    given(QuotaClass).when(lambda c: c.change({"cores": 20})).then(FIRST)
    (
        given(QuotaClass, FIRST)
        .when(lambda c: c.change({"ram": -1}))
        .then(QuotaClassChanged(was={"cores": 20}, limits={"ram": -1}))
    )


def test_is_as_it_was_changed_last() -> None:
    second = QuotaClassChanged(was={"cores": 20}, limits={"ram": 1024})
    assert given(QuotaClass, FIRST, second).state == QuotaClass(limits={"ram": 1024})


def test_knows_only_limits_that_mean_something() -> None:
    (
        given(QuotaClass)
        .when(lambda c: c.change({"ram": -2}))
        .then_refused(LimitInvalid, resource="ram", limit=-2)
    )
    (
        given(QuotaClass)
        .when(lambda c: c.change({"gpus": 1}))
        .then_refused(ResourceUnknown, resource="gpus")
    )
