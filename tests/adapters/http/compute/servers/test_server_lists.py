"""Lists of servers: which, in which order, and page by page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from tests.adapters.http.compute.kit.serving import (
    LARGE,
    ask,
    boot,
    booted,
    furnished,
    gone,
    message,
    show,
)
from tests.kit.region import Region

NAMES = ("web-1", "web-2", "db-1")
Ids = dict[str, str]
PARAMETERS = "The query has 34 parameters, and may have 32."


@pytest.fixture(name="region", scope="module")
def _region(shared: Region) -> Iterator[Region]:
    with furnished(shared).carried():
        yield shared


@pytest.fixture(name="ids", scope="module")
def _ids(region: Region) -> Ids:
    """Three servers of one project, one of another, one that was deleted, and an adopted one."""
    ids = {name: booted(region, name=name) for name in NAMES[:2]}
    fields = {"flavorRef": LARGE, "description": "of the shop", "metadata": {"a": "b"}}
    ids["db-1"] = booted(region, name="db-1", **fields)
    ids["theirs"] = booted(region, name="theirs", as_="foreign-member")
    ids["old"] = booted(region, name="old")
    ask(region, "DELETE", f"/servers/{ids['old']}")
    gone(region, ids["old"])
    return ids


def names(region: Region, query: str = "", *, as_: str = "member", at: str = "2.104") -> list[str]:
    listed = ask(region, "GET", f"/servers{query}", as_=as_, at=at)
    assert listed.status_code == 200, listed.text
    return [one["name"] for one in listed.json()["servers"]]


@pytest.mark.usefixtures("ids")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["db-1", "web-2", "web-1"]),
        ("?name=web", ["web-2", "web-1"]),
        ("?name=^web-[13]$", ["web-1"]),
        ("?name=nothing", []),
        ("?status=ACTIVE", ["db-1", "web-2", "web-1"]),
        ("?status=SHUTOFF", []),
        ("?status=SHUTOFF&status=active", ["db-1", "web-2", "web-1"]),
        (f"?flavor={LARGE}", ["db-1"]),
        ("?flavor=nope", []),
        ("?image=nope", []),
        ("?power_state=1", ["db-1", "web-2", "web-1"]),
        ("?vm_state=stopped", []),
        ("?availability_zone=nova", ["db-1", "web-2", "web-1"]),
        ("?locked=true", []),
        ("?tags=a", []),
        ("?not-tags=a", ["db-1", "web-2", "web-1"]),
        ("?ip=10.0.0.1", ["db-1", "web-2", "web-1"]),
        ("?user_id=member", ["db-1", "web-2", "web-1"]),
        ("?user_id=somebody", []),
        ("?hostname=web", ["web-2", "web-1"]),
        # To those who do not oversee the region these make no difference.
        ("?host=nope", ["db-1", "web-2", "web-1"]),
        ("?deleted=true", ["db-1", "web-2", "web-1"]),
        ("?project_id=other", ["db-1", "web-2", "web-1"]),
        ("?limit=0", []),
        ("?limit=2", ["db-1", "web-2"]),
        ("?sort_key=display_name&sort_dir=asc", ["db-1", "web-1", "web-2"]),
        ("?sort_key=display_name", ["web-2", "web-1", "db-1"]),
        (
            "?sort_key=instance_type_id&sort_key=display_name&sort_dir=desc&sort_dir=asc",
            ["db-1", "web-1", "web-2"],
        ),
        ("?sort_dir=asc", ["web-1", "web-2", "db-1"]),
    ],
)
def test_a_member_lists_servers(region: Region, query: str, expected: list[str]) -> None:
    assert names(region, query) == expected


@pytest.mark.usefixtures("ids")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?all_tenants=1&name=web-1", ["web-1"]),
        ("?all_tenants=1", ["theirs", "db-1", "web-2", "web-1"]),
        ("?all_tenants&project_id=other", ["theirs"]),
        ("?all_tenants&tenant_id=other", ["theirs"]),
        ("?host=host-1&user_id=foreign-member", ["theirs"]),
        ("?host=nope", []),
        ("?deleted=true", ["old"]),
        ("?status=DELETED", ["old"]),
        ("?description=shop", ["db-1"]),
        ("?node=^host", ["theirs", "db-1", "web-2", "web-1"]),
        ("?launched_at=^20", ["theirs", "db-1", "web-2", "web-1"]),
    ],
)
def test_an_admin_without_a_project_lists_servers(
    region: Region, query: str, expected: list[str]
) -> None:
    assert names(region, query, as_="admin") == expected


def test_a_member_of_another_project_sees_its_own_servers(region: Region, ids: Ids) -> None:
    assert names(region, as_="foreign-reader") == ["theirs"]
    hidden = ask(region, "GET", f"/servers/{ids['web-1']}", as_="foreign-reader")
    assert message(hidden) == (404, f"Instance {ids['web-1']} could not be found.")


@pytest.mark.usefixtures("ids")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?status=nope", (400, "Invalid status value")),
        ("?status=deleted", (403, "Only administrators may list deleted instances")),
        (
            "?all_tenants=1",
            (
                403,
                (
                    "Policy doesn't allow os_compute_api:servers:index:get_all_tenants to be "
                    "performed."
                ),
            ),
        ),
        ("?marker=nope", (400, "marker [nope] not found")),
        ("?sort_key=host", (403, "Only administrators can sort servers by host")),
        ("?sort_dir=up", (400, "Unknown sort direction, must be one of: asc, desc")),
        ("?sort_dir=asc&sort_dir=asc", (400, "Sort direction size exceeds sort key size")),
        (
            "?changes-since=2026-02-01T00:00:00Z&changes-before=2026-01-01T00:00:00Z",
            (400, "The value of changes-since must be less than or equal to changes-before."),
        ),
        (
            "?name=" + quote(r"^(.?){250}\1z$"),
            (
                400,
                (
                    "Invalid input for query parameters name. Value: ^(.?){250}\\1z$. invalid "
                    "escape sequence: \\1 (backreferences and look-around are not supported)"
                ),
            ),
        ),
        pytest.param("?name=" + quote("(x+x+)+y" * 40), (400, None), id="long"),
        pytest.param("?hostname=" + quote("(" * 5000 + ")" * 5000), (400, None), id="deep"),
        pytest.param("?" + "&".join(["name=a"] * 34), (400, PARAMETERS), id="many"),
        ("?changes-since=yesterday", (400, None)),
        ("?foo=bar", (400, "'foo' does not match any of the regexes: '^_'")),
    ],
)
def test_invalid_queries_for_servers_are_refused(
    region: Region, query: str, expected: tuple[int, str | None]
) -> None:
    status, told = message(ask(region, "GET", f"/servers{query}"))
    assert (status, expected[1] and told) == expected


@pytest.mark.usefixtures("ids")
def test_servers_are_not_filtered_by_metadata(region: Region) -> None:
    refused = ask(region, "GET", "/servers?metadata=a", as_="admin")
    assert message(refused) == (400, "Invalid filter field: metadata.")


@pytest.mark.usefixtures("ids")
def test_below_2_38_a_status_that_is_none_lists_nothing(region: Region) -> None:
    assert names(region, "?status=nope", at="2.37") == []


def test_pages_of_servers_show_each_once(region: Region, ids: Ids) -> None:
    seen: list[str] = []
    query = "?limit=1&sort_key=display_name&sort_dir=asc"
    answered: dict[str, Any] = ask(region, "GET", f"/servers{query}").json()
    while answered["servers"]:
        seen += [one["name"] for one in answered["servers"]]
        (link,) = answered["servers_links"]
        path = link["href"].partition("/v2.1")[2]
        answered = ask(region, "GET", path).json()
    assert seen == ["db-1", "web-1", "web-2"]


def test_the_next_page_of_servers_is_of_the_same_list(region: Region, ids: Ids) -> None:
    """Nova's own link has one value of each parameter only."""
    query = "?limit=1&status=ACTIVE&status=SHUTOFF&sort_key=vm_state&sort_key=display_name"
    answered: dict[str, Any] = ask(region, "GET", f"/servers{query}").json()
    seen = []
    while answered["servers"]:
        seen += [one["name"] for one in answered["servers"]]
        (link,) = answered["servers_links"]
        answered = ask(region, "GET", link["href"].partition("/v2.1")[2]).json()
    assert seen == names(region, query.replace("limit=1&", ""))
    assert len(seen) == len(ids) - 2


def test_a_marker_keeps_its_place_though_the_list_has_it_no_more(region: Region, ids: Ids) -> None:
    query = f"?flavor={LARGE}&marker={ids['web-2']}&sort_dir=asc"
    assert names(region, query) == ["db-1"]


def test_servers_changed_since_are_listed_with_deleted_ones(region: Region, ids: Ids) -> None:
    updated = show(region, ids["db-1"])["updated"]
    since = names(region, f"?changes-since={updated}")
    assert set(since) >= {"db-1", "old"}
    assert "web-1" not in since or show(region, ids["web-1"])["updated"] >= updated
    assert names(region, "?changes-before=2020-01-01T00:00:00Z") == []


def test_a_server_is_listed_from_the_moment_it_is_asked_for(region: Region, ids: Ids) -> None:
    server = boot(region, name="new", as_="foreign-member").json()["server"]["id"]
    assert names(region, "?name=new", as_="foreign-reader") == ["new"]
    ask(region, "DELETE", f"/servers/{server}", as_="foreign-member")
