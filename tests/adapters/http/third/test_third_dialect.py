"""An API that the gateway has never heard of is served as well as those that it comes with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.adapters.http.gateway.test_metrics import counted
from tests.adapters.http.third.dialect import Tally
from tests.kit.postgres import Server, database
from tests.kit.region import FOREIGN, OWN, Answer, Region, regions


@pytest.fixture(name="served", scope="module")
def _served(postgres: Server) -> Iterator[tuple[Region, Region]]:
    """Who leads, and who follows; both speak it."""
    with database(postgres) as dsn, regions(dsn) as new:
        leading = new()
        leading.dialects = (Tally(),)
        leading.leading().adopted()
        following = new(leading.hosts)
        following.dialects = (Tally(),)
        yield leading, following.start()


@pytest.fixture(name="region")
def _region(served: tuple[Region, Region]) -> Region:
    return served[0]


def no(answer: Answer) -> tuple[int, str]:
    """A refusal in its own words."""
    assert answer.headers["content-type"] == "application/tally+json"
    assert answer.headers["tally"] == "1"
    return answer.status_code, answer.json()["tally"]


def test_a_third_dialects_open_path_needs_no_token(region: Region) -> None:
    answer = region.get("/tally", as_=None)
    assert (answer.status_code, answer.text) == (200, "tally speaks")


def test_a_third_dialects_other_paths_need_a_token(region: Region) -> None:
    assert no(region.get(f"/tally/{OWN}", as_=None)) == (401, "no: Unauthenticated")
    wrong = region.get(f"/tally/{OWN}", as_=None, headers={"x-auth-token": "wrong"})
    assert no(wrong) == (401, "no: TokenInvalid")


def test_a_third_dialects_routes_obey_the_rules_they_name(region: Region) -> None:
    for role in ("reader", "member", "auditor", "service"):
        refused = region.post(f"/tally/{OWN}", content=b"7", as_=role)
        assert no(refused) == (403, "no: NotPermitted")
    assert region.post(f"/tally/{OWN}", content=b"40", as_="admin").status_code == 201


def test_a_third_dialect_shows_what_the_policy_allows(region: Region) -> None:
    assert region.get(f"/tally/{OWN}", as_="reader").json() == 1
    assert region.get(f"/tally/{OWN}", as_="foreign-reader").json() == 0
    assert region.get(f"/tally/{FOREIGN}", as_="admin").json() == 0


def test_a_third_dialect_refuses_unknown_paths_in_its_own_form(region: Region) -> None:
    assert no(region.get("/tally/a/b")) == (404, "no: NotFoundException")
    assert no(region.post(f"/tally/{OWN}", content=b"many")) == (500, "no: ValueError")
    assert no(region.post(f"/tally/{OWN}", content=b"7" * 70_000)) == (413, "no: BodyTooLarge")


def test_a_path_that_only_begins_like_a_dialects_prefix_is_not_its_own(region: Region) -> None:
    assert region.get("/tallyho").headers["content-type"] == "application/problem+json"


def test_a_follower_forwards_a_third_dialects_writes(served: tuple[Region, Region]) -> None:
    leading, following = served
    answer = following.post(f"/tally/{OWN}", content=b"41")
    assert answer.status_code == 201, answer.text
    assert following.get(f"/v1/projects/{OWN}/quota").json()["own"] == {"cores": 41}
    last = leading.get("/v1/history?kind=quota.changed&limit=1").json()["items"][0]
    assert str(last["position"]) == answer.headers["ullage-position"]


def test_a_third_dialects_answers_are_counted_by_route(region: Region) -> None:
    before = counted(region, "/tally/{project}", "GET", 200)
    region.get(f"/tally/{OWN}")
    assert counted(region, "/tally/{project}", "GET", 200) == before + 1


def test_a_third_dialect_completes_its_part_of_the_description(region: Region) -> None:
    paths = region.get("/v1/openapi.json").json()["paths"]
    assert paths["/tally/{project}"].keys() == {"post"}
    assert paths["/tally/{project}"]["post"]["tags"] == ["tally"]
    assert "tags" not in paths["/v1/servers"]["post"]
