"""The history answers who did what to which, when, from what, to what, and why."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest

from tests.kit.hypervisor import LARGE, SMALL, refuse
from tests.kit.region import FOREIGN, OWN, Region, size

Entries = list[dict[str, Any]]


@pytest.fixture(name="region")
def _region(region: Region) -> Region:
    """Two projects; in the own one a server has grown, and has failed to shrink."""
    region.limits(cores=30)
    grown, stuck = region.adopted(), region.adopted(LARGE)
    region.adopted(project=FOREIGN)
    region.host.tell(stuck, refuse)
    with region.carried():
        body = size(LARGE) | {"reason": "sale on Monday"}
        accepted = region.post(f"/v1/servers/{grown}/scale", body, as_="member")
        region.ended(accepted.json()["operation"])
        region.ended(region.scaling(stuck, SMALL))
    return region


@pytest.fixture
def grown(region: Region) -> UUID:
    return next(iter(region.host.sizes))


def _entries(region: Region, **filters: object) -> Entries:
    query = "&".join(f"{name}={quote(str(value))}" for name, value in filters.items())
    items: Entries = region.get(f"/v1/history?{query}").json()["items"]
    return items


def test_history_lists_every_fact_once_the_latest_first(region: Region) -> None:
    positions = [entry["position"] for entry in _entries(region, limit=1000)]
    assert positions == list(range(region.head, 0, -1))


def test_a_servers_story_is_told_in_full(region: Region, grown: UUID) -> None:
    told = [
        (entry["by"], entry["kind"], entry["was"], entry["to"], entry["why"])
        for entry in reversed(_entries(region, server=grown))
    ]
    ceiling = {"vcpus": 64, "memory_mib": 262144}
    used = {"instances": 1, "cores": 2, "ram": 4096}
    grown_to = {"instances": 2, "cores": 8, "ram": 16384}
    assert told == [
        ("admin", "server.adopted", None, size(SMALL), None),
        ("admin", "server.ceiling-declared", None, ceiling, None),
        ("admin", "quota.claimed", None, used, None),
        ("admin", "host.capacity-claimed", None, size(SMALL), None),
        ("member", "server.scale-requested", size(SMALL), size(LARGE), "sale on Monday"),
        ("member", "quota.claimed", None, grown_to, None),
        ("member", "host.capacity-claimed", None, {"vcpus": 10, "memory_mib": 20480}, None),
        ("service", "server.scale-confirmed", size(SMALL), size(LARGE), None),
    ]


def test_a_failure_tells_why(region: Region) -> None:
    (entry,) = _entries(region, kind="server.scale-failed")
    assert entry["why"] == "the guest does not let go of its memory"
    assert entry["body"]["to"] == size(SMALL)
    assert entry["to"] == size(LARGE)


def test_facts_of_one_decision_have_one_cause(region: Region, grown: UUID) -> None:
    entries = _entries(region, server=grown)[1:4]
    assert [entry["kind"] for entry in entries] == [
        "host.capacity-claimed",
        "quota.claimed",
        "server.scale-requested",
    ]
    assert len({(entry["because"], entry["at"]) for entry in entries}) == 1


def test_a_change_of_limits_tells_from_and_to(region: Region) -> None:
    region.put(f"/v1/projects/{OWN}/quota", {"limits": {"cores": 40}, "reason": "grew"})
    entry = _entries(region, kind="quota.changed")[0]
    assert (entry["was"], entry["to"], entry["why"]) == ({"cores": 30}, {"cores": 40}, "grew")


@pytest.mark.parametrize(
    ("name", "value", "field"),
    [
        ("project", OWN, "project"),
        ("project", FOREIGN, "project"),
        ("actor", "admin", "by"),
        ("actor", "member", "by"),
        ("actor", "service", "by"),
        ("kind", "server.adopted", "kind"),
        ("kind", "quota.claimed", "kind"),
    ],
)
def test_a_history_filter_shows_exactly_what_it_names(
    region: Region, name: str, value: str, field: str
) -> None:
    whole = _entries(region, limit=1000)
    found = _entries(region, limit=1000, **{name: value})
    assert found == [entry for entry in whole if entry[field] == value]
    assert found


@pytest.mark.parametrize(
    "filters",
    [
        {"project": "nobody"},
        {"actor": "nobody"},
        {"server": UUID(int=0)},
        {"since": "2999-01-01T00:00:00Z"},
        {"until": "1999-01-01T00:00:00Z"},
        {"project": FOREIGN, "actor": "member"},
    ],
)
def test_a_filter_that_fits_nothing_shows_nothing(
    region: Region, filters: dict[str, object]
) -> None:
    assert _entries(region, **filters) == []


def test_history_filters_hold_together(region: Region, grown: UUID) -> None:
    found = _entries(region, server=grown, actor="member", kind="server.scale-requested")
    assert [entry["server"] for entry in found] == [str(grown)]


def test_since_is_included_and_until_is_not(region: Region) -> None:
    whole = _entries(region, limit=1000)
    moment = whole[len(whole) // 2]["at"]
    after, before = _entries(region, since=moment), _entries(region, until=moment)
    assert all(entry["at"] >= moment for entry in after)
    assert all(entry["at"] < moment for entry in before)
    assert len(after) + len(before) == len(whole)


def test_a_moment_may_be_told_in_any_zone(region: Region) -> None:
    at = datetime.fromisoformat(_entries(region)[0]["at"])
    elsewhere = (at + timedelta(hours=8)).replace(tzinfo=None).isoformat() + "+08:00"
    assert _entries(region, since=elsewhere) == _entries(region, since=at.isoformat())


@pytest.mark.parametrize("kind", ["nope", "quota.change", "server"])
def test_a_kind_of_fact_that_there_is_not_is_refused_with_those_that_there_are(
    shared: Region, kind: str
) -> None:
    answer = shared.get(f"/v1/history?kind={kind}")
    assert answer.status_code == 400
    told = answer.json()["detail"]
    assert told.startswith(f"kind is {kind!r}, but must be one of: flavor.changed")
    known = told.partition("one of: ")[2].removesuffix(".").split(", ")
    assert {"quota.changed", "server.adopted"} <= set(known)
    for one in known:
        assert shared.get(f"/v1/history?kind={one}&limit=1").status_code == 200
