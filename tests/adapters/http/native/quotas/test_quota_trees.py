"""Projects below projects: what they share, where they stand, and who sees how much of that."""

from __future__ import annotations

from typing import Any

from tests.kit.hypervisor import LARGE, SMALL
from tests.kit.region import FOREIGN, OWN, Answer, Region

TOP = "faculty"


def _move(region: Region, project: str, parent: str | None, **other: Any) -> Answer:
    return region.put(f"/v1/projects/{project}/parent", {"parent": parent, **other})


def _share(region: Region, project: str, **limits: int | None) -> Answer:
    return region.put(f"/v1/projects/{project}/shared-quota", {"limits": limits})


def _tree(region: Region, path: str = "/v1/quota-tree", as_: str = "admin") -> dict[str, Any]:
    answered = region.get(path, as_=as_)
    assert answered.status_code == 200, answered.text
    return {node["project"]: node for node in answered.json()["items"]}


def test_a_shared_limit_holds_for_all_projects_below(region: Region) -> None:
    assert _share(region, TOP, cores=6).json()["limits"] == {"cores": 6}
    for project in (OWN, FOREIGN):
        assert _move(region, project, TOP).json()["parent"] == TOP
    region.adopted(LARGE)
    refused = region.post(
        "/v1/adoptions",
        {"host": "host-1", "server": str(region.host.make(LARGE)), "project": FOREIGN},
    )
    (short,) = refused.json()["shortages"]
    assert (refused.status_code, short["scope"], short["node"]) == (403, "shared", TOP)
    assert (short["used"], short["left"]) == (4, 2)
    cores = region.get(f"/v1/projects/{FOREIGN}/limits").json()["resources"]["cores"]
    assert (cores["used"], cores["left"]) == (0, 2)


def test_the_shared_limits_are_shown_with_what_all_use(region: Region) -> None:
    _share(region, TOP, cores=6)
    _move(region, OWN, TOP)
    region.adopted(LARGE)
    shown = region.get(f"/v1/projects/{TOP}/shared-quota")
    assert shown.json()["resources"] == {
        "instances": {"limit": -1, "used": 1, "left": None},
        "cores": {"limit": 6, "used": 4, "left": 2},
        "ram": {"limit": -1, "used": 8192, "left": None},
        "server_groups": {"limit": -1, "used": 0, "left": None},
        "schedules": {"limit": -1, "used": 0, "left": None},
    }
    assert shown.headers["etag"] == f'"{shown.json()["version"]}"'
    assert region.get(f"/v1/projects/{OWN}/shared-quota").json()["parent"] == TOP
    assert _share(region, TOP, cores=None).json()["limits"] == {}


def test_uncountable_resources_are_not_shared(region: Region) -> None:
    refused = _share(region, TOP, key_pairs=5)
    assert (refused.status_code, refused.json()["type"]) == (400, "urn:ullage:problem:not-shared")


def test_a_tree_has_no_circles_and_a_move_breaks_no_limit(region: Region) -> None:
    assert _move(region, OWN, TOP).status_code == 200
    assert _move(region, TOP, OWN).json()["type"] == "urn:ullage:problem:below-itself"
    assert _move(region, TOP, TOP).status_code == 409
    region.adopted(LARGE)
    _move(region, OWN, None)
    _share(region, TOP, cores=3)
    assert _move(region, OWN, TOP).json()["type"] == "urn:ullage:problem:quota-exceeded"
    stale = region.put(
        f"/v1/projects/{OWN}/parent", {"parent": None}, headers={"if-match": '"999"'}
    )
    assert stale.status_code == 412


def test_the_tree_shows_each_with_what_it_uses_and_what_is_used_below(region: Region) -> None:
    region.limits(cores=5)
    _share(region, TOP, cores=9, ram=None)
    _move(region, OWN, TOP)
    _move(region, FOREIGN, OWN)
    region.adopted(SMALL)
    region.adopted(LARGE, project=FOREIGN)
    tree = _tree(region)
    assert set(tree) == {TOP, OWN, FOREIGN}
    assert (tree[OWN]["parent"], tree[OWN]["limits"]) == (TOP, {"cores": 5})
    assert (tree[OWN]["used"]["cores"], tree[OWN]["used_below"]["cores"]) == (2, 4)
    assert (tree[TOP]["shared"], tree[TOP]["used_below"]["cores"]) == ({"cores": 9}, 6)
    assert set(_tree(region, f"/v1/projects/{OWN}/quota-tree", "auditor")) == {OWN, FOREIGN}


def test_a_confined_caller_sees_its_own_part_of_the_tree(region: Region) -> None:
    _move(region, OWN, TOP)
    _move(region, FOREIGN, OWN)
    for path in ("/v1/quota-tree", f"/v1/projects/{OWN}/quota-tree"):
        assert set(_tree(region, path, "reader")) == {OWN}
    assert region.get(f"/v1/projects/{TOP}/quota-tree", as_="reader").status_code == 404
    assert region.get(f"/v1/projects/{TOP}/shared-quota", as_="reader").status_code == 404


def test_the_tree_comes_in_pages(region: Region) -> None:
    _move(region, OWN, TOP)
    first = region.get("/v1/quota-tree?limit=1")
    assert [one["project"] for one in first.json()["items"]] == [OWN]
    then = region.get(first.headers["link"].partition(">")[0].lstrip("<")).json()
    assert ([one["project"] for one in then["items"]], then["next"]) == ([TOP], None)
