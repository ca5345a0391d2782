"""Lists come in pages; who follows them to the end sees everything once."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest

from tests.kit.hypervisor import LARGE
from tests.kit.region import FOREIGN, OWN, Region

SERVERS = 7


@pytest.fixture(name="region", scope="module")
def _region(shared: Region) -> Region:
    for _ in range(SERVERS):
        shared.scaling(shared.adopted(), LARGE)
    shared.adopted(project=FOREIGN)
    return shared


def _ids(region: Region, path: str, key: str) -> list[str]:
    return [str(item[key]) for item in region.get(path).json()["items"]]


def _linked(region: Region, path: str, key: str) -> Iterator[list[str]]:
    """Page by page, by the Link header alone."""
    while path:
        answer = region.get(path)
        yield [str(item[key]) for item in answer.json()["items"]]
        link = answer.headers.get("link", "")
        assert bool(link) == (answer.json()["next"] is not None)
        assert not link or link.endswith('>; rel="next"')
        path = link.partition(">")[0].lstrip("<")


@pytest.mark.parametrize("limit", [1, 2, 3, SERVERS, SERVERS + 1, 1000])
@pytest.mark.parametrize(
    ("path", "key"),
    [("/v1/servers", "id"), ("/v1/operations", "id"), ("/v1/history", "position")],
)
def test_following_the_links_shows_everything_once_and_in_order(
    region: Region, path: str, key: str, limit: int
) -> None:
    asked = f"{path}?project={OWN}"
    whole = _ids(region, f"{asked}&limit=1000", key)
    pages = list(_linked(region, f"{asked}&limit={limit}", key))
    assert [id_ for page in pages for id_ in page] == whole
    assert all(len(page) == limit for page in pages[:-1])
    assert len(whole) == len(set(whole)) >= SERVERS


def test_the_cursor_leads_on_as_the_link_does(region: Region) -> None:
    first = region.get("/v1/servers?limit=2").json()
    second = region.get(f"/v1/servers?limit=2&cursor={first['next']}").json()
    assert first["items"][-1]["id"] < second["items"][0]["id"]


def test_a_page_does_not_shift_when_something_is_added_before_it(region: Region) -> None:
    first = region.get("/v1/history?limit=3").json()
    region.adopted()
    second = region.get(f"/v1/history?limit=3&cursor={first['next']}").json()
    positions = [item["position"] for item in first["items"] + second["items"]]
    assert positions == list(range(positions[0], positions[0] - 6, -1))


def test_a_scoped_callers_cursor_leads_to_nothing_foreign(region: Region) -> None:
    cursor = base64.urlsafe_b64encode(b"00000000-0000-0000-0000-000000000000").decode().rstrip("=")
    items = region.get(f"/v1/servers?cursor={cursor}", as_="foreign-reader").json()["items"]
    assert {item["project"] for item in items} == {FOREIGN}


@pytest.mark.parametrize("path", ["/v1/servers", "/v1/operations", "/v1/history"])
@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "AAAA",
        "____",
        "-",
        "LTE",  # -1
        "MWUz",  # 1e3
        "2aQ",  # a digit of another script
        "OTk5OTk5OTk5OTk5OTk5OTk5OTk",  # 20 digits
        "JyBPUiAxPTE",
        "bm90LWEtdXVpZA",
        "A" * 64,
        "A" * 65,
        "%00",
        "a%20b",
        "%C3%A9",
        "",
    ],
)
def test_a_cursor_that_was_not_given_out_is_refused(region: Region, path: str, cursor: str) -> None:
    answer = region.get(f"{path}?cursor={cursor}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
