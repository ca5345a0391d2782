"""Of a flavor that is not public a project can build nothing, as if it were not there."""

from __future__ import annotations

import pytest

from tests.adapters.http.native.test_problems import told
from tests.kit.building import build, flavor, image, rooms
from tests.kit.region import OWN, NewRegion, Region


@pytest.fixture
def region(new_region: NewRegion) -> Region:
    region = new_region().leading()
    rooms(region)
    return region


def test_a_hidden_flavor_is_absent_for_members(region: Region) -> None:
    hidden, of = flavor(region, public=False), image(region)
    head = region.head
    answers = [
        told(build(region, as_="member", flavor=name, image=of), 404, "not-found")
        for name in (hidden, "never")
    ]
    same = [{k: v for k, v in one.items() if k not in {"id", "detail"}} for one in answers]
    assert same[0] == same[1]
    assert [one["id"] for one in answers] == [hidden, "never"]
    assert region.head == head


def test_an_administrator_builds_with_a_hidden_flavor(region: Region) -> None:
    accepted = build(region, flavor=flavor(region, public=False), project=OWN)
    assert accepted.status_code == 202
    server = accepted.json()["server"]
    assert region.get(f"/v1/servers/{server}", as_="member").status_code == 200


@pytest.mark.parametrize(("before", "status"), [(True, 404), (False, 202)])
def test_only_the_present_visibility_of_a_flavor_counts(
    region: Region, before: bool, status: int
) -> None:
    changing = flavor(region, public=before)
    changed = region.ask("PATCH", f"/v1/flavors/{changing}", {"public": not before})
    assert changed.status_code == 200, changed.text
    assert build(region, as_="member", flavor=changing).status_code == status


def test_projects_in_the_access_list_see_and_use_a_hidden_flavor(region: Region) -> None:
    hidden = flavor(region, public=False)
    path = f"/v1/flavors/{hidden}"
    assert region.get(path, as_="member").status_code == 404
    changed = region.ask("PATCH", path, {"access": [OWN]})
    assert (changed.status_code, changed.json()["access"]) == (200, [OWN])
    shown = region.get(path, as_="member")
    assert (shown.status_code, shown.json()["access"]) == (200, [])
    assert hidden in region.get("/v1/flavors", as_="reader").text
    assert hidden not in region.get("/v1/flavors", as_="foreign-reader").text
    assert build(region, as_="member", flavor=hidden).status_code == 202
    assert build(region, as_="foreign-member", flavor=hidden).status_code == 404
    assert region.ask("PATCH", path, {"access": []}).json()["access"] == []
    assert region.get(path, as_="member").status_code == 404
