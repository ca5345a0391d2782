"""What was recorded of Nova about versions, flavors and errors, asked again here."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.adapters.http.compute.kit.replay import Sample, ask, replay, sample, samples
from tests.kit.region import Region

_NANO = {"id": "42", "name": "m1.nano", "vcpus": 1, "ram": 64, "disk": 1}
_MICRO = {"id": "84", "name": "m1.micro", "vcpus": 2, "ram": 128, "disk": 1}
FLAVORS = [one for one in samples() if one.path.startswith("/flavors")]
REFUSED = [one for one in samples() if one.path == "/limits" and one.status in {400, 401, 406}]


@pytest.fixture(name="region", scope="module")
def _region(shared: Region) -> Region:
    for flavor in (_NANO, _MICRO):
        made = shared.post("/compute/v2.1/flavors", {"flavor": flavor})
        assert made.status_code == 200, made.text
    return shared


def test_flavors_are_as_novas(region: Region) -> None:
    """In the order in which they were recorded: one is made, changed and deleted."""
    assert len(FLAVORS) == 16
    for one in FLAVORS:
        replay(region, one)


@pytest.mark.parametrize("note", ["version doc without slash", "version doc"])
def test_the_version_is_told_as_novas(region: Region, note: str) -> None:
    (one,) = (one for one in samples() if one.note == note)
    replay(region, one, as_=None)


def test_the_versions_are_told_as_novas_without_the_old_one(region: Region) -> None:
    told = ask(region, sample("GET {origin}/  200 versions root"), as_=None)
    assert told.json() == {
        "versions": [
            {
                "id": "v2.1",
                "status": "CURRENT",
                "version": "2.104",
                "min_version": "2.1",
                "updated": "2013-07-23T11:33:21Z",
                "links": [{"rel": "self", "href": f"{region.url}/compute/v2.1/"}],
            }
        ]
    }
    assert "x-openstack-request-id" not in told.headers


@pytest.mark.parametrize("one", REFUSED, ids=str)
def test_invalid_flavor_requests_are_refused_as_by_nova(region: Region, one: Sample) -> None:
    """Wherever that is: recorded of the limits, asked of the flavors."""
    as_ = None if one.status == 401 else "reader"
    headers = {"x-auth-token": "bad"} if one.note == "bad token" else {}
    replay(region, replace(one, path="/flavors"), as_=as_, more=headers)


def test_extensions_are_listed_as_novas(region: Region) -> None:
    """Fewer, and each as Nova's of that name is."""
    recorded = sample("GET /extensions 2.1 200 list (cut)")
    shown = ask(region, recorded).json()["extensions"]
    known = {one["alias"]: one for one in recorded.response["extensions"]}
    assert {one["alias"] for one in shown} >= {"os-flavor-access", "os-hypervisors"}
    for one in shown:
        assert one.keys() == recorded.response["extensions"][0].keys()
        assert one == known.get(one["alias"], one)
