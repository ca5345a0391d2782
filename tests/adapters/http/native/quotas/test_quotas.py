"""Limits of a project: set, refused, forced, unlimited, and given back to the defaults."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.setting_defaults import QUOTA as DEFAULTS
from tests.adapters.http.native.things import OF_PROJECT
from tests.kit.hypervisor import LARGE, SMALL
from tests.kit.region import OWN, Answer, Region

QUOTA, LIMITS = f"/v1/projects/{OWN}/quota", f"/v1/projects/{OWN}/limits"


def _set(region: Region, limits: object, **other: object) -> Answer:
    return region.put(QUOTA, {"limits": limits} | other)


def _cores(region: Region) -> dict[str, Any]:
    shown: dict[str, Any] = region.get(LIMITS).json()["resources"]["cores"]
    return shown


def test_a_project_without_its_own_has_the_defaults(region: Region) -> None:
    assert region.get(QUOTA).json() == {
        "project": OWN,
        "limits": DEFAULTS,
        "own": {},
        "version": 0,
    }
    assert _cores(region) == {"limit": 20, "used": 0, "left": 20, "own": False, "reserved": 0}


def test_limits_that_are_set_hold_and_the_others_stay(region: Region) -> None:
    answer = _set(region, {"cores": 37})
    assert answer.json() == {
        "project": OWN,
        "limits": {"cores": 37},
        "version": 1,
        "user": "",
    }
    assert _set(region, {"ram": 1024}).json()["limits"] == {"cores": 37, "ram": 1024}
    shown = region.get(QUOTA).json()
    assert shown["limits"] == DEFAULTS | {"cores": 37, "ram": 1024}
    assert shown["own"] == {"cores": 37, "ram": 1024}


def test_null_resets_a_limit_to_the_default(region: Region) -> None:
    region.limits(cores=37, ram=1024)
    assert _set(region, {"cores": None}).json()["limits"] == {"ram": 1024}
    assert _cores(region) == {"limit": 20, "used": 0, "left": 20, "own": False, "reserved": 0}


def test_minus_one_is_unlimited(region: Region) -> None:
    region.limits(cores=-1)
    assert _cores(region) == {"limit": -1, "used": 0, "left": None, "own": True, "reserved": 0}
    region.limits(instances=-1, ram=-1)
    for _ in range(11):
        region.adopted()
    assert _cores(region)["used"] == 22


def test_a_limit_of_0_allows_nothing(region: Region) -> None:
    region.limits(instances=0)
    assert region.get(LIMITS).json()["resources"]["instances"]["left"] == 0


@pytest.mark.parametrize("limit", [-2, 2**31, -(2**31), 2**63, 10**30])
def test_invalid_limits_are_refused(region: Region, limit: int) -> None:
    head = region.head
    answer = _set(region, {"cores": limit})
    assert answer.status_code == 400
    assert answer.json()["type"] in {
        "urn:ullage:problem:limit-invalid",
        "urn:ullage:problem:body-invalid",
    }
    assert region.head == head


@pytest.mark.parametrize("resource", ["gpus", "", "Cores", "cores ", "__class__"])
def test_a_resource_that_no_quota_counts_is_refused(region: Region, resource: str) -> None:
    head = region.head
    answer = _set(region, {"ram": 1024, resource: 5})
    assert answer.status_code == 400
    assert answer.json()["type"] == "urn:ullage:problem:resource-unknown"
    assert answer.json()["resource"] == resource
    assert region.head == head


def test_a_limit_below_what_is_in_use_is_refused_unless_it_is_forced(region: Region) -> None:
    region.adopted(LARGE)
    head = region.head
    refused = _set(region, {"cores": 3})
    assert (refused.status_code, refused.json()["type"]) == (
        409,
        "urn:ullage:problem:quota-below-usage",
    )
    assert refused.json()["shortages"] == [
        OF_PROJECT | {"resource": "cores", "asked": 0, "used": 4, "limit": 3, "left": 0}
    ]
    assert region.head == head
    assert _set(region, {"cores": 3}, force=True).status_code == 200
    assert _cores(region) == {"limit": 3, "used": 4, "left": 0, "own": True, "reserved": 0}


def test_a_project_above_its_limit_may_shrink_and_not_grow(region: Region) -> None:
    server = region.adopted(LARGE)
    region.put(QUOTA, {"limits": {"cores": 1}, "force": True})
    grown = region.scale(server, LARGE.max_with(type(LARGE)(5, 8192)))
    assert grown.json()["type"] == "urn:ullage:problem:quota-exceeded"
    assert region.scale(server, SMALL).status_code == 202


def test_setting_the_same_limits_records_nothing(region: Region) -> None:
    region.limits(cores=7)
    head = region.head
    assert _set(region, {"cores": 7}).json()["version"] == 1
    assert region.head == head


def test_the_defaults_come_from_the_settings_and_are_a_fact(region: Region) -> None:
    (entry,) = region.get("/v1/history?kind=quota-class.changed").json()["items"]
    assert (entry["by"], entry["was"], entry["to"]) == ("settings", {}, DEFAULTS)
