"""Hosts: what they have and what is taken, what an operator lets be promised, what relays saw."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.shared.size import Size
from tests.adapters.http.native.test_problems import told
from tests.kit.building import as_seen, build, observations, observed, rooms
from tests.kit.hypervisor import LARGE, SMALL, ScriptedHost
from tests.kit.region import HOST, NewRegion, Region, size, until

DEFAULTS = {
    "pool": "default",
    "zone": "nova",
    "cpu_allocation_ratio": 4.0,
    "ram_allocation_ratio": 1.0,
    "reserved_host_memory_mb": 512,
    "traits": [],
    "enabled": True,
}


@pytest.fixture
def region(new_region: NewRegion) -> Region:
    return new_region({HOST: ScriptedHost(Size(16, 65536))}).leading()


def _shown(region: Region, host: str = HOST) -> dict[str, Any]:
    shown: dict[str, Any] = region.get(f"/v1/hosts/{host}", as_="auditor").json()
    return shown


def test_a_host_of_the_settings_is_listed_before_it_has_reported(region: Region) -> None:
    assert _shown(region) == {
        "name": HOST,
        "hypervisor": "",
        "capacity": None,
        "limit": None,
        "used": size(Size(0, 0)),
        "traits": [],
        "terms": DEFAULTS,
        "version": 1,
    }
    assert region.get("/v1/hosts").json() == [_shown(region)]


def test_a_hosts_report_is_recorded_once(region: Region) -> None:
    region.host.traits = ("HW_B", "HW_A")
    rooms(region)
    shown = _shown(region)
    assert (shown["capacity"], shown["hypervisor"]) == (size(Size(16, 65536)), "scripted 1.0")
    assert shown["limit"] == size(Size(64, 65536 - 512))
    assert shown["traits"] == ["HW_A", "HW_B"]
    head = region.head
    rooms(region)
    assert region.head == head


def test_a_host_counts_what_servers_hold(region: Region) -> None:
    rooms(region)
    server = region.adopted()
    assert _shown(region)["used"] == size(SMALL)
    operation = region.scaling(server, LARGE)
    assert _shown(region)["used"] == size(LARGE)
    with region.carried():
        region.ended(operation)
        region.ended(region.scaling(server, Size(1, 1024)))
    assert _shown(region)["used"] == size(Size(1, 1024))


def test_host_terms_are_set_whole_with_defaults(region: Region) -> None:
    rooms(region)
    asked = {"cpu_allocation_ratio": 2.5, "reserved_host_memory_mb": 1024, "traits": ["CUSTOM_B"]}
    answer = region.put(f"/v1/hosts/{HOST}/terms", {**asked, "traits": ["CUSTOM_B"] * 2})
    assert answer.json() == {"host": HOST, "terms": DEFAULTS | asked, "version": 3}
    shown = _shown(region)
    assert (shown["limit"], shown["traits"]) == (size(Size(40, 64512)), ["CUSTOM_B"])
    region.put(f"/v1/hosts/{HOST}/terms", {"zone": "z2"})
    assert _shown(region)["terms"] == DEFAULTS | {"zone": "z2"}


def test_host_terms_of_another_version_are_not_set(region: Region) -> None:
    seen = region.get(f"/v1/hosts/{HOST}").headers["etag"]
    path = f"/v1/hosts/{HOST}/terms"
    assert region.put(path, {"zone": "a"}, headers={"if-match": seen}).status_code == 200
    head = region.head
    document = told(
        region.put(path, {"zone": "b"}, headers={"if-match": seen}), 412, "stale-version"
    )
    assert (document["expected"], document["current"]) == (1, 2)
    assert (region.head, _shown(region)["terms"]["zone"]) == (head, "a")


def test_the_same_host_terms_change_nothing(region: Region) -> None:
    head = region.head
    assert region.put(f"/v1/hosts/{HOST}/terms", {}).json()["version"] == 1
    assert region.head == head


@pytest.mark.parametrize(
    "terms",
    [
        {"cpu_allocation_ratio": 0},
        {"ram_allocation_ratio": 101},
        {"reserved_host_memory_mb": -1},
        {"traits": ["lower"]},
        {"enabled": "no"},
        {"pool": ""},
        {"capacity": 5},
    ],
)
def test_invalid_host_terms_are_refused(region: Region, terms: dict[str, Any]) -> None:
    head = region.head
    told(region.put(f"/v1/hosts/{HOST}/terms", terms), 400, "body-invalid")
    assert region.head == head


def test_a_host_that_is_disabled_or_too_small_now_keeps_what_it_has(region: Region) -> None:
    rooms(region)
    server = region.adopted()
    for terms in ({"enabled": False}, {"ram_allocation_ratio": 0.01}):
        region.put(f"/v1/hosts/{HOST}/terms", terms)
        told(build(region), 409, "no-valid-host")
    told(region.scale(server, LARGE), 409, "no-valid-host")
    with region.carried():
        assert region.ended(region.scaling(server, Size(1, 1024)))["state"] == "succeeded"


def test_an_unknown_host_is_not_found(region: Region) -> None:
    for answer in (
        region.get("/v1/hosts/nowhere"),
        region.put("/v1/hosts/nowhere/terms", {}),
    ):
        assert told(answer, 404, "not-found")["id"] == "nowhere"


# What relays report


@pytest.mark.parametrize("role", ["reader", "member", "admin", "auditor"])
@pytest.mark.parametrize("path", ["/v1/observations", "/v1/outcomes"])
def test_only_relays_report_about_hosts(region: Region, role: str, path: str) -> None:
    head = region.head
    told(region.post(path, {}, as_=role), 403, "not-permitted")
    assert region.head == head


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/servers"),
        ("POST", "/v1/servers"),
        ("GET", "/v1/hosts"),
        ("PUT", f"/v1/hosts/{HOST}/terms"),
        ("GET", "/v1/drift"),
        ("GET", "/v1/operations"),
        ("GET", "/v1/history"),
        ("DELETE", f"/v1/servers/{UUID(int=1)}"),
    ],
)
def test_a_relay_does_nothing_but_report(region: Region, method: str, path: str) -> None:
    told(region.ask(method, path, {}, as_="service"), 403, "not-permitted")


def test_an_observation_of_the_past_or_of_an_unknown_server_changes_nothing(region: Region) -> None:
    server = region.adopted()
    region.host.somebody_resizes(server, LARGE)
    region.scaling(server, Size(3, 4096))
    head = region.head
    observed(region, server)  # an operation is open
    observed(region, server, version=1)  # and that version is not the last
    seen = as_seen(region.host.inspect(server))
    observations(region, servers=[{"server": str(uuid4()), "version": 1, "seen": seen}])
    unknown = {"host": "nowhere", "capacity": size(LARGE), "traits": [], "hypervisor": ""}
    observations(region, hosts=[unknown])
    observations(region)
    assert region.head == head


@pytest.mark.parametrize(
    "body",
    [
        {"servers": [{"server": "x", "version": 1, "seen": None}]},
        {"servers": [{"version": 1, "seen": None}]},
        {"hosts": [{"host": HOST, "capacity": size(LARGE), "traits": [], "hypervisor": "a\0"}]},
        {"other": []},
        {"servers": [{"server": str(uuid4()), "version": 1, "seen": None}] * 21},
        [],
    ],
)
def test_a_report_that_is_not_right_is_refused(region: Region, body: Any) -> None:
    told(region.post("/v1/observations", body, as_="service"), 400, "body-invalid")


# Three numbers


def test_requested_allocated_and_actual_are_three_numbers(region: Region) -> None:
    server = region.adopted()
    operation = region.scaling(server, LARGE)
    shown = region.get(f"/v1/servers/{server}").json()
    assert (shown["requested"], shown["size"]) == (size(LARGE), size(SMALL))
    assert shown["guest"] == {"vcpus": 2, "memory_mib": 4006}
    with region.carried():
        assert region.ended(operation)["seen_by_guest"] is True
    shown = region.get(f"/v1/servers/{server}").json()
    assert (shown["requested"], shown["size"]) == (size(LARGE), size(LARGE))
    assert (shown["guest"], shown["seen_by_guest"]) == ({"vcpus": 4, "memory_mib": 8102}, True)


@pytest.mark.parametrize(
    ("guest", "followed"),
    [
        ({"vcpus": 2, "memory_mib": 4006}, False),
        ({"vcpus": 4, "memory_mib": 8102}, True),
        ({"vcpus": 4, "memory_mib": 4006}, False),
        ({"vcpus": None, "memory_mib": 8102}, True),
        ({"vcpus": None, "memory_mib": None}, None),
    ],
)
def test_applied_and_seen_by_the_guest_are_two_things(
    region: Region, guest: dict[str, int | None], followed: bool | None
) -> None:
    server = region.adopted()
    operation = region.scaling(server, LARGE)
    seen = {**as_seen(region.host.inspect(server)), "size": size(LARGE), "guest": guest}
    outcome = {
        "outcome": "read-back",
        "server": str(server),
        "operation": operation,
        "ask": "reconfigure",
        "seen": seen,
        "shortfall": "",
    }
    assert region.post("/v1/outcomes", {"outcomes": [outcome]}, as_="service").status_code == 204
    ended = region.ended(operation)
    assert (ended["state"], ended["size"]) == ("succeeded", size(LARGE))
    assert (ended["guest"], ended["seen_by_guest"]) == (guest, followed)
    until(lambda: region.get(f"/v1/servers/{server}").json()["seen_by_guest"] is followed)
