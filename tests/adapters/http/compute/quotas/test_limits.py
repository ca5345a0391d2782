"""Limits and quota classes as Nova's clients read and set them."""

from __future__ import annotations

import sys
from collections import Counter
from types import FrameType
from typing import Any

import pytest

from adapters.http.compute.gateway.microversions import NEWEST
from adapters.http.compute.quotas import quota_view
from adapters.http.compute.quotas.quota_view import Book
from domain.shared.size import Size
from tests.adapters.http.compute.kit.asking import Asking, refused
from tests.kit.region import FOREIGN, NewRegion, Region

CLASS = "/os-quota-class-sets/default"
_OTHERS = "Policy doesn't allow os_compute_api:limits:other_project to be performed."


def absolute(asking: Asking, query: str = "") -> dict[str, int]:
    limits = asking.shown(f"/limits{query}")
    assert limits["rate"] == []
    told: dict[str, int] = limits["absolute"]
    return told


def test_limits_are_those_of_the_callers_project(shared: Region) -> None:
    shared.limits(cores=40)
    shared.adopted(Size(3, 512))
    told = absolute(Asking(shared, as_="reader"))
    assert (told["maxTotalCores"], told["totalCoresUsed"], told["totalRAMUsed"]) == (40, 3, 512)
    assert absolute(Asking(shared, as_="foreign-reader"))["totalCoresUsed"] == 0


def test_limits_without_a_project_are_those_of_a_new_one(shared: Region) -> None:
    for as_ in ("admin", "auditor"):
        told = absolute(Asking(shared, as_=as_))
        assert (told["maxTotalCores"], told["totalCoresUsed"]) == (20, 0)


def test_only_administrators_name_a_project_for_limits(
    shared: Region,
) -> None:
    shared.limits(FOREIGN, cores=33)
    assert absolute(Asking(shared), f"?tenant_id={FOREIGN}")["maxTotalCores"] == 33
    assert absolute(Asking(shared), "?tenant_id=nobody%20knows%20it")["maxTotalCores"] == 20
    for as_ in ("reader", "member", "auditor", "foreign-reader"):
        answer = Asking(shared, as_=as_)("GET", f"/limits?tenant_id={FOREIGN}")
        assert refused(answer) == (403, _OTHERS)


def test_reserved_in_a_query_for_limits_is_ignored_before_2_75(shared: Region) -> None:
    """The one of OpenStack's command line that is pinned to 2.75 or later fails with Nova, too."""
    assert absolute(Asking(shared, "2.74"), "?reserved=False")
    words = "Additional properties are not allowed ('reserved' was unexpected)"
    assert refused(Asking(shared, "2.75")("GET", "/limits?reserved=False")) == (400, words)


def test_the_cost_of_limits_does_not_depend_on_the_number_of_servers(shared: Region) -> None:
    """Counted is every call of a function that leads to the answer, whoever makes it."""
    asking = Asking(shared, as_="foreign-reader")
    shared.limits(FOREIGN, instances=-1, cores=-1, ram=-1)

    def calls() -> Counter[str]:
        return _calls(lambda: _answer(shared))

    absolute(asking)
    few = calls()
    for _ in range(20):
        shared.adopted(project=FOREIGN)
    assert calls() == few
    assert absolute(asking)["totalInstancesUsed"] == 20


def _answer(region: Region) -> None:
    book = Book(region.process.readside.models, NEWEST, FOREIGN)
    assert quota_view.absolute(book)
    assert quota_view.detail(book)


def _calls(do: Any) -> Counter[str]:
    found: Counter[str] = Counter()

    def count(frame: FrameType, event: str, _: object) -> None:
        if event in {"call", "c_call"}:
            found[frame.f_code.co_name] += 1

    sys.setprofile(count)
    try:
        do()
    finally:
        sys.setprofile(None)
    return found


@pytest.mark.parametrize("path", [CLASS, "/os-quota-class-sets/other"])
@pytest.mark.parametrize("as_", ["reader", "member"])
def test_quota_classes_are_for_administrators(shared: Region, path: str, as_: str) -> None:
    words = "Policy doesn't allow os_compute_api:os-quota-class-sets:{} to be performed."
    asking = Asking(shared, as_=as_)
    assert refused(asking("GET", path)) == (403, words.format("show"))
    answer = asking("PUT", path, {"quota_class_set": {}})
    assert refused(answer) == (403, words.format("update"))


def test_default_limits_set_at_run_time_outlive_a_restart(new_region: NewRegion) -> None:
    first = new_region().leading()
    asking = Asking(first)
    answer = asking("PUT", CLASS, {"quota_class_set": {"cores": "77", "ram": -1}})
    assert answer.status_code == 200
    told = answer.json()["quota_class_set"]
    assert (told["cores"], told["ram"], "id" in told) == (77, -1, False)
    assert asking.shown(CLASS) == told | {"id": "default"}
    assert asking.shown("/os-quota-sets/new")["cores"] == 77
    assert absolute(asking)["maxTotalCores"] == 77
    first.stop()
    again = Asking(new_region().leading())
    assert again.shown("/os-quota-sets/new")["cores"] == 77
    assert again.shown(CLASS)["instances"] == 10


@pytest.mark.parametrize(
    ("at", "name", "status"),
    [
        ("2.1", "floating_ips", 200),
        ("2.1", "server_groups", 200),
        ("2.49", "injected_files", 200),
        ("2.50", "floating_ips", 400),
        ("2.56", "injected_files", 200),
        ("2.57", "injected_files", 400),
        ("2.1", "disk", 400),
    ],
)
def test_the_resources_of_a_quota_class_depend_on_the_microversion(
    shared: Region, at: str, name: str, status: int
) -> None:
    answer = Asking(shared, at)("PUT", CLASS, {"quota_class_set": {name: 99}})
    assert answer.status_code == status


def test_a_quota_class_of_another_name_binds_nobody(shared: Region) -> None:
    """Nova keeps it and never uses it."""
    asking = Asking(shared)
    path = "/os-quota-class-sets/gold"
    before = asking.shown("/os-quota-sets/new")
    answer = asking("PUT", path, {"quota_class_set": {"cores": 1000}})
    assert (answer.status_code, answer.json()["quota_class_set"]["cores"]) == (200, 1000)
    assert (asking.shown(path)["id"], asking.shown(path)["cores"]) == ("gold", 1000)
    assert asking.shown("/os-quota-sets/new") == before
