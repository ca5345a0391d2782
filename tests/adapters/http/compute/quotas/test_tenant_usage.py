"""What projects have taken, as Nova's clients ask for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.adapters.http.compute.kit.asking import Asking, refused
from tests.kit.hypervisor import LARGE, SMALL
from tests.kit.region import FOREIGN, OWN, Region

USAGE = "/os-simple-tenant-usage"


@pytest.fixture(name="region", scope="module")
def _region(shared: Region) -> Region:
    for _ in range(3):
        shared.adopted(LARGE)
    shared.adopted(SMALL, project=FOREIGN)
    return shared


def month(**more: str) -> str:
    """A query for the last thirty days and the next."""
    now = datetime.now(UTC).replace(tzinfo=None)
    span = {"start": now - timedelta(days=30), "end": now + timedelta(days=30)}
    given = {name: at.isoformat(timespec="seconds") for name, at in span.items()} | more
    return "?" + "&".join(f"{name}={value}" for name, value in given.items())


def test_a_projects_usage_lists_each_server(region: Region) -> None:
    told = Asking(region, as_="reader").shown(f"{USAGE}/{OWN}{month()}")
    assert told["tenant_id"] == OWN
    assert told["stop"] <= datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
    assert told["total_vcpus_usage"] == pytest.approx(LARGE.vcpus * told["total_hours"])
    assert told["total_memory_mb_usage"] == pytest.approx(LARGE.memory_mib * told["total_hours"])
    servers = told["server_usages"]
    assert len(servers) == 3
    assert sum(one["hours"] for one in servers) == pytest.approx(told["total_hours"])
    for one in servers:
        assert (one["state"], one["ended_at"], one["vcpus"]) == ("active", None, LARGE.vcpus)


def test_usage_of_all_projects_is_only_for_those_who_see_all(region: Region) -> None:
    for as_ in ("admin", "auditor"):
        told = Asking(region, as_=as_).shown(f"{USAGE}{month()}")
        assert [one["tenant_id"] for one in told] == [OWN, FOREIGN]
        assert "server_usages" not in told[0]
    detailed = Asking(region).shown(f"{USAGE}{month(detailed='1')}")
    assert [len(one["server_usages"]) for one in detailed] == [3, 1]
    rule = "Policy doesn't allow os_compute_api:os-simple-tenant-usage:{} to be performed."
    mine = Asking(region, as_="member")
    assert refused(mine("GET", USAGE)) == (403, rule.format("list"))
    assert refused(mine("GET", f"{USAGE}/{FOREIGN}")) == (403, rule.format("show"))


def test_usage_without_times_is_of_this_moment(region: Region) -> None:
    told = Asking(region, as_="reader").shown(f"{USAGE}/{OWN}")
    assert 0 < told["total_hours"] < 1e-6


def test_a_project_without_servers_has_no_usage(region: Region) -> None:
    assert Asking(region).shown(f"{USAGE}/nobody{month()}") == {}
    past = "?start=2020-01-01T00:00:00&end=2020-01-02T00:00:00"
    assert Asking(region).shown(f"{USAGE}/{OWN}{past}") == {}


def test_usage_pages_from_2_40_on_add_up(region: Region) -> None:
    asking = Asking(region, "2.40", as_="reader")
    path, seen, pages = f"{USAGE}/{OWN}{month(limit='2')}", list[str](), 0
    while path:
        page = asking("GET", path).json()
        seen += [one["instance_id"] for one in page["tenant_usage"].get("server_usages", ())]
        path, pages = _next(page, region), pages + 1
    assert (len(seen), len(set(seen)), pages) == (3, 3, 2)
    assert (
        "tenant_usages_links" in Asking(region, "2.40")("GET", f"{USAGE}{month(limit='2')}").json()
    )
    assert (
        len(Asking(region, "2.39").shown(f"{USAGE}/{OWN}{month(limit='2')}")["server_usages"]) == 3
    )


def _next(page: Any, region: Region) -> str:
    links = page.get("tenant_usage_links", [])
    return str(links[0]["href"]).removeprefix(f"{region.url}/compute/v2.1") if links else ""


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?start=2026-11-01", "Invalid datetime string: Datetime is in invalid format"),
        ("?end=yesterday", "Invalid datetime string: Datetime is in invalid format"),
        (
            "?start=2020-01-02T00:00:00&end=2020-01-01T00:00:00.5",
            "Invalid start time. The start time cannot occur after the end time.",
        ),
        ("?marker=nope", "Marker nope could not be found."),
        (
            "?marker=6b03df05-e161-436a-a3a9-9cb4601c1867",
            "Marker 6b03df05-e161-436a-a3a9-9cb4601c1867 could not be found.",
        ),
    ],
)
def test_an_invalid_time_or_marker_for_usage_is_refused(
    region: Region, query: str, words: str
) -> None:
    for path in (USAGE, f"{USAGE}/{OWN}"):
        assert refused(Asking(region, "2.40")("GET", f"{path}{query}")) == (400, words)


def test_queries_for_usage_are_strict_from_2_75_on(region: Region) -> None:
    words = "Additional properties are not allowed ('foo' was unexpected)"
    assert Asking(region, "2.74")("GET", f"{USAGE}?foo=1").status_code == 200
    assert refused(Asking(region, "2.75")("GET", f"{USAGE}?foo=1")) == (400, words)
