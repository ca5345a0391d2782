"""Moves of servers as Nova's clients see them, for those who oversee the region."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.shared.size import Size
from tests.adapters.http.compute.kit import nova_schemas
from tests.adapters.http.compute.kit.serving import (
    LARGE,
    PATIENT,
    SMALL,
    act,
    ask,
    becomes,
    booted,
    furnished,
    show,
)
from tests.kit.hypervisor import Hang, ScriptedHost
from tests.kit.region import HOST, NewRegion, Region, until

pytestmark = pytest.mark.xdist_group("nova-schemas")

OTHER = "host-2"
VERSIONS = ("2.1", "2.22", "2.23", "2.58", "2.59", "2.66", "2.79", "2.80", "2.104")


@pytest.fixture(name="region")
def _region(new_region: NewRegion) -> Region:
    """The first host has no room for more than one."""
    hosts = {HOST: ScriptedHost(Size(8, 4608)), OTHER: ScriptedHost()}
    region = furnished(new_region(hosts).leading())
    region.limits(instances=-1, cores=-1, ram=-1)
    return region


def listed(region: Region, query: str = "", *, at: str = "2.104") -> list[dict[str, Any]]:
    answered = ask(region, "GET", f"/os-migrations{query}", at=at, as_="admin")
    assert answered.status_code == 200, answered.text
    nova_schemas.check("GET", "/os-migrations", at, answered.json())
    found: list[dict[str, Any]] = answered.json()["migrations"]
    return found


def under_way(region: Region, server: str, at: str = "2.104") -> list[dict[str, Any]]:
    path = f"/servers/{server}/migrations"
    answered = ask(region, "GET", path, at=at, as_="admin")
    assert answered.status_code == 200, answered.text
    nova_schemas.check("GET", path, at, answered.json())
    found: list[dict[str, Any]] = answered.json()["migrations"]
    return found


def test_a_scale_that_moves_a_server_is_a_live_migration(region: Region) -> None:
    server = region.adopted()
    hang, id_ = Hang(), str(server)
    region.hosts[HOST].tell(server, hang)
    with region.carried(pace=PATIENT):
        scale = {"ram": 8192, "consent": "migrate"}
        assert act(region, id_, scale=scale).status_code == 202
        assert show(region, id_)["status"] == "MIGRATING"
        until(hang.began.is_set)
        for at in ("2.23", "2.59", "2.80", "2.104"):
            (one,) = under_way(region, id_, at)
            assert (one["status"], one["source_compute"], one["dest_compute"]) == (
                "running",
                HOST,
                OTHER,
            )
        shown = ask(region, "GET", f"/servers/{id_}/migrations/{one['id']}", as_="admin")
        assert shown.json() == {"migration": one}
        (link, _) = listed(region)[0]["links"]
        assert link["href"].endswith(f"/servers/{id_}/migrations/{one['id']}")
        hang.release()
        becomes(region, id_, "ACTIVE")
    assert under_way(region, id_) == []
    (done,) = listed(region, f"?host={OTHER}&migration_type=live-migration&status=completed")
    assert (done["instance_uuid"], done["project_id"], done["user_id"]) == (id_, "demo", "member")
    missing = ask(region, "GET", f"/servers/{id_}/migrations/1", as_="admin")
    assert missing.status_code == 404


def test_resizes_are_listed_page_by_page_in_every_version(region: Region) -> None:
    with region.carried():
        server = booted(region)
        for flavor, action in ((LARGE, "revertResize"), (LARGE, "confirmResize"), (SMALL, "")):
            assert act(region, server, resize={"flavorRef": flavor}).status_code == 202
            becomes(region, server, "VERIFY_RESIZE")
            if action:
                body = {action: None}
                done = ask(region, "POST", f"/servers/{server}/action", body)
                assert done.is_success
                becomes(region, server, "ACTIVE")
    query = f"?instance_uuid={server}"
    for at in VERSIONS:
        told = [one["status"] for one in listed(region, query, at=at)]
        assert told == ["finished", "confirmed", "reverted"]
    seen, path = [], f"/os-migrations{query}&limit=2"
    while path:
        page = ask(region, "GET", path, as_="admin").json()
        seen += [one["status"] for one in page["migrations"]]
        links = page.get("migrations_links")
        path = links[0]["href"].partition("/v2.1")[2] if links else ""
    assert seen == ["finished", "confirmed", "reverted"]


def test_filters_that_fit_nothing_list_nothing_and_wrong_ones_are_refused(region: Region) -> None:
    for query in (
        *("?instance_uuid=nope", f"?instance_uuid={UUID(int=5)}", "?host=nope", "?limit=0"),
        *("?user_id=nope", "?changes-since=2999-01-01T00:00:00Z"),
    ):
        assert listed(region, query) == []
    for query in (
        *(f"?marker={uuid4()}", "?marker=nope", "?foo=bar"),
        "?changes-since=2026-02-01T00:00:00Z&changes-before=2026-01-01T00:00:00Z",
    ):
        answered = ask(region, "GET", f"/os-migrations{query}", as_="admin")
        assert answered.status_code == 400, answered.text
    assert ask(region, "GET", "/os-migrations").status_code == 403
