"""ETag and If-Match: nobody overwrites what somebody else has changed in the meantime."""

from __future__ import annotations

import pytest

from tests.kit.hypervisor import LARGE
from tests.kit.region import OWN, Region, together

QUOTA = f"/v1/projects/{OWN}/quota"


def _set(region: Region, cores: int, match: str) -> int:
    answer = region.put(QUOTA, {"limits": {"cores": cores}}, headers={"if-match": match})
    return answer.status_code


def test_a_change_that_names_the_present_version_is_made(region: Region) -> None:
    assert region.get(QUOTA).headers["etag"] == '"0"'
    assert _set(region, 7, '"0"') == 200
    shown = region.get(QUOTA)
    assert shown.headers["etag"] == '"1"'
    assert shown.json()["version"] == 1
    assert _set(region, 8, shown.headers["etag"]) == 200


def test_a_change_that_names_an_older_version_is_refused_with_both(region: Region) -> None:
    region.limits(cores=7)
    head = region.head
    answer = region.put(QUOTA, {"limits": {"cores": 9}}, headers={"if-match": '"0"'})
    problem = answer.json()
    assert answer.status_code == 412
    assert problem["type"] == "urn:ullage:problem:stale-version"
    assert (problem["expected"], problem["current"]) == (0, 1)
    assert region.head == head


@pytest.mark.parametrize("match", ["*", 'W/"1"'])
def test_a_star_is_any_version_and_a_weak_one_counts(region: Region, match: str) -> None:
    region.limits(cores=7)
    assert _set(region, 8, match) == 200


def test_usage_changes_the_version_too(region: Region) -> None:
    before = region.get(QUOTA).headers["etag"]
    region.adopted()
    assert _set(region, 9, before) == 412


def test_of_many_changes_from_one_version_one_is_made(region: Region) -> None:
    statuses = together(
        [
            lambda cores=cores: region.put(  # type: ignore[misc]
                QUOTA, {"limits": {"cores": cores}}, headers={"if-match": '"0"'}
            )
            for cores in range(1, 21)
        ]
    )
    assert sorted(answer.status_code for answer in statuses) == [200] + [412] * 19


def test_a_server_carries_the_count_of_its_facts(region: Region) -> None:
    server = region.adopted()
    assert region.get(f"/v1/servers/{server}").headers["etag"] == '"2"'
    region.scaling(server, LARGE)
    shown = region.get(f"/v1/servers/{server}")
    assert (shown.headers["etag"], shown.json()["version"]) == ('"3"', 3)
