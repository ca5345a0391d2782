"""The project in the path, as older catalogues have it: `/compute/v2.1/{project}/servers`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from adapters import tokens
from tests.adapters.http.compute.kit.asking import BASE, refused
from tests.adapters.http.native.things import flavor
from tests.kit.postgres import Server, database
from tests.kit.region import NewRegion, Region, regions

PROJECT, OTHER = "1d6f00a7-4a5e-4a3e-8bd0-1b6f3c1f1a11", "abcdef0123456789"
GROUP = {"server_group": {"name": "g", "policies": ["affinity"]}}


@pytest.fixture(scope="module")
def shop(postgres: Server) -> Iterator[Region]:
    with database(postgres) as dsn, regions(dsn) as new:
        region = new().leading()
        _enter(region)
        flavor(region, id="small")
        flavor(region, id="large")
        yield region


def _enter(region: Region) -> None:
    region.tokens["of-shop"] = tokens.create(
        region.dsn, name="of-shop", role="member", project=PROJECT
    )


def test_a_project_in_the_path_changes_only_the_links(shop: Region) -> None:
    without, within = (
        shop.get(f"{BASE}{below}/flavors/detail?limit=1", as_="of-shop")
        for below in ("", f"/{PROJECT}")
    )
    assert within.status_code == 200
    assert within.text.replace(f"/{PROJECT}/", "/") == without.text
    links = within.json()["flavors"][0]["links"] + within.json()["flavors_links"]
    assert [link["rel"] for link in links] == ["self", "bookmark", "next"]
    for link in links:
        assert f"/{PROJECT}/flavors" in link["href"]
    follow = links[-1]["href"].removeprefix(shop.url)
    assert shop.get(follow, as_="of-shop").json()["flavors"][0]["id"] == "small"


def test_links_with_a_project_in_the_path_lead_to_what_was_made(shop: Region) -> None:
    made = shop.post(f"{BASE}/{PROJECT}/os-server-groups", GROUP, as_="of-shop")
    assert made.status_code == 200, made.text
    of = made.json()["server_group"]["id"]
    for below in (f"/{PROJECT}", ""):
        one = shop.get(f"{BASE}{below}/os-server-groups/{of}", as_="of-shop")
        assert one.status_code == 200
    gone = shop.ask("DELETE", f"{BASE}/{PROJECT}/os-server-groups/{of}", as_="of-shop")
    assert gone.status_code == 204


@pytest.mark.parametrize("as_", ["of-shop", "member", "admin"])
def test_a_project_in_the_path_must_be_the_callers_own(shop: Region, as_: str) -> None:
    own = {"of-shop": PROJECT, "member": "demo", "admin": "None"}[as_]
    told = refused(shop.get(f"{BASE}/{OTHER}/limits", as_=as_))
    assert told == (
        400,
        (
            f"Malformed request URL: URL's project_id '{OTHER}' doesn't match "
            f"Context's project_id '{own}'"
        ),
    )


def test_a_project_in_the_path_does_not_replace_a_token(shop: Region) -> None:
    for path in (f"{BASE}/{PROJECT}/limits", f"{BASE}/{PROJECT}/", f"{BASE}/{PROJECT}"):
        assert shop.get(path, as_=None).status_code == 401


@pytest.mark.parametrize("path", ["", "/", "/nope", "/demo/limits", f"/{OTHER}/{PROJECT}/limits"])
def test_unknown_paths_stay_unknown_below_a_project(shop: Region, path: str) -> None:
    told = shop.get(f"{BASE}/{PROJECT}{path}", as_="of-shop")
    assert refused(told) == (404, "The resource could not be found.")


def test_a_follower_forwards_paths_with_a_project(new_region: NewRegion) -> None:
    leader = new_region().leading()
    _enter(leader)
    follower = new_region().start()
    follower.tokens["of-shop"] = leader.tokens["of-shop"]
    made = follower.post(f"{BASE}/{PROJECT}/os-server-groups", GROUP, as_="of-shop")
    assert made.status_code == 200, made.text
    path = f"{BASE}/{OTHER}/os-server-groups"
    assert follower.post(path, GROUP, as_="of-shop").status_code == 400
