"""Maintenance windows: set under a name, shown, listed, deleted."""

from __future__ import annotations

import pytest

from tests.adapters.http.native.things import WINDOW, new_id, window
from tests.kit.region import Region


def test_a_window_is_set_and_shown_to_everybody(shared: Region) -> None:
    name = new_id()
    made = shared.put(f"/v1/windows/{name}", WINDOW | {"weekdays": ["sunday", "saturday"]})
    assert (made.status_code, made.headers["etag"]) == (200, '"1"')
    assert made.json() == WINDOW | {"name": name, "version": 1}
    after = f"?after={made.headers['ullage-position']}"
    for role in ("reader", "member", "admin", "auditor"):
        assert shared.get(f"/v1/windows/{name}{after}", as_=role).json() == made.json()
        assert made.json() in shared.get("/v1/windows?limit=1000", as_=role).json()["items"]


def test_a_change_is_a_whole_new_window_and_tells_what_it_was(shared: Region) -> None:
    name = window(shared)
    changed = shared.put(
        f"/v1/windows/{name}", WINDOW | {"minutes": 60, "reason": "quieter"}, as_="admin"
    )
    assert (changed.json()["minutes"], changed.json()["version"]) == (60, 2)
    entry = shared.get(f"/v1/history?kind=window.set&after={shared.head}").json()["items"][0]
    assert (entry["was"]["minutes"], entry["to"]["minutes"]) == (120, 60)
    assert (entry["why"], entry["project"]) == ("quieter", "")


def test_a_window_of_another_version_is_not_changed(shared: Region) -> None:
    name = new_id()
    first = {"if-match": '"0"'}
    assert shared.put(f"/v1/windows/{name}", WINDOW, headers=first).status_code == 200
    assert shared.put(f"/v1/windows/{name}", WINDOW, headers=first).status_code == 412
    stale = shared.ask("DELETE", f"/v1/windows/{name}", headers={"if-match": '"2"'})
    assert stale.status_code == 412
    gone = shared.ask("DELETE", f"/v1/windows/{name}?reason=over", headers={"if-match": '"1"'})
    assert (gone.status_code, gone.content) == (204, b"")
    assert shared.get(f"/v1/windows/{name}").status_code == 404
    assert shared.ask("DELETE", f"/v1/windows/{name}").status_code == 404


def test_an_unknown_time_zone_is_refused_by_its_name(shared: Region) -> None:
    head = shared.head
    refused = shared.put("/v1/windows/mars", WINDOW | {"timezone": "Mars/Olympus"})
    assert (refused.status_code, refused.json()["type"]) == (
        400,
        "urn:ullage:problem:timezone-unknown",
    )
    assert refused.json()["timezone"] == "Mars/Olympus"
    assert shared.head == head


@pytest.mark.parametrize(
    "fields",
    [
        {"timezone": None},
        {"timezone": "x" * 65},
        {"weekdays": []},
        {"weekdays": ["Sunday"]},
        {"weekdays": "sunday"},
        {"starts": "24:00"},
        {"starts": "9:00"},
        {"minutes": 0},
        {"minutes": 10081},
        {"name": "other"},
    ],
)
def test_an_invalid_field_of_a_window_is_refused(shared: Region, fields: dict[str, object]) -> None:
    head = shared.head
    assert shared.put(f"/v1/windows/{new_id()}", WINDOW | fields).status_code == 400
    assert shared.head == head


@pytest.mark.parametrize("name", ["%00", "a%20b", "x" * 256, "-a"])
def test_a_window_name_is_plain(shared: Region, name: str) -> None:
    assert shared.put(f"/v1/windows/{name}", WINDOW).status_code == 400
