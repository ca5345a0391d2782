"""The report of who changed which limit."""

from __future__ import annotations

from typing import Any

import pytest

from tests.kit.region import FOREIGN, OWN, Region

CHANGES = "/v1/quota-changes"


@pytest.fixture(name="region", scope="module")
def _region(shared: Region) -> Region:
    path = f"/v1/projects/{OWN}"
    shared.put(f"{path}/quota", {"limits": {"cores": 7, "ram": None}, "reason": "less"})
    shared.put(f"{path}/users/ada/quota", {"limits": {"cores": 5}})
    shared.put(f"{path}/shared-quota", {"limits": {"cores": 9}})
    shared.put(f"{path}/parent", {"parent": "faculty"})
    shared.put("/v1/quota-classes/default", {"limits": {"cores": 3}})
    shared.limits(FOREIGN, cores=1)
    return shared


def changes(region: Region, query: str = "", as_: str = "auditor") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = region.get(f"{CHANGES}{query}", as_=as_).json()["items"]
    return found


def test_each_quota_change_says_from_and_to(region: Region) -> None:
    found = {one["scope"]: one for one in changes(region, f"?project={OWN}&limit=4")}
    assert found["project"]["limits"] == {
        "cores": {"before": -1, "after": 7},
        "ram": {"before": -1, "after": None},
    }
    assert (found["project"]["by"], found["project"]["why"]) == ("admin", "less")
    assert found["user"]["user"] == "ada"
    assert found["user"]["limits"] == {"cores": {"before": None, "after": 5}}
    assert found["shared"]["limits"] == {"cores": {"before": None, "after": 9}}
    assert found["parent"]["parent"] == {"before": None, "after": "faculty"}
    assert {one["project"] for one in found.values()} == {OWN}


def test_changes_of_the_default_limits_are_listed(region: Region) -> None:
    first, last = [one for one in changes(region) if one["scope"] == "class"][::-1]
    assert (first["by"], first["limits"]["cores"]) == ("settings", {"before": None, "after": 20})
    assert last["limits"] == {"cores": {"before": 20, "after": 3}}
    assert last["project"] is None
    assert (last["quota_class"], changes(region, f"?project={OWN}")[0]["quota_class"]) == (
        "default",
        None,
    )


def test_quota_changes_are_filtered_by_time_and_paged(region: Region) -> None:
    whole = changes(region)
    at = whole[2]["at"]
    since, until = changes(region, f"?since={at}"), changes(region, f"?until={at}")
    assert [*since, *until] == whole
    first = region.get(f"{CHANGES}?limit=2", as_="auditor")
    rest = region.get(f"{CHANGES}?cursor={first.json()['next']}", as_="auditor").json()["items"]
    assert [*first.json()["items"], *rest] == whole


def test_a_confined_caller_sees_its_projects_quota_changes_only(region: Region) -> None:
    assert {one["project"] for one in changes(region, as_="reader")} == {OWN}
    assert changes(region, f"?project={FOREIGN}", as_="reader") == []
    assert [one["project"] for one in changes(region, as_="foreign-reader")] == [FOREIGN]
