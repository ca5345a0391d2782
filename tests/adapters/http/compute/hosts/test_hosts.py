"""Hosts at the Compute door: under ids that stay, in zones, for those who oversee them."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.http.compute.hosts.hypervisor_view import number_of, uuid_of
from tests.kit.building import rooms
from tests.kit.region import HOST, Region

BASE = "/compute/v2.1"


def get(region: Region, path: str, at: str = "2.1", status: int = 200) -> Any:
    headers = {"openstack-api-version": f"compute {at}"}
    answer = region.get(f"{BASE}{path}", headers=headers)
    assert answer.status_code == status, answer.text
    return answer.json()


@pytest.fixture(name="region", scope="module")
def _region(shared: Region) -> Region:
    rooms(shared)
    return shared


def test_hypervisor_ids_are_the_same_everywhere(region: Region) -> None:
    assert (number_of("host-1"), uuid_of("host-1")) == (
        389484786,
        "4074e8c7-09fd-53a2-8a4c-be0b57010015",
    )
    assert get(region, "/os-hypervisors")["hypervisors"][0]["id"] == number_of(HOST)
    assert get(region, "/os-hypervisors", "2.53")["hypervisors"][0]["id"] == uuid_of(HOST)


def test_hypervisors_show_capacity_and_use(region: Region) -> None:
    before = get(region, f"/os-hypervisors/{number_of(HOST)}")["hypervisor"]
    region.adopted()
    host = get(region, f"/os-hypervisors/{number_of(HOST)}")["hypervisor"]
    ours = region.get(f"/v1/hosts/{HOST}").json()
    assert (host["vcpus"], host["memory_mb"]) == tuple(ours["capacity"].values())
    assert host["vcpus_used"] == ours["used"]["vcpus"] > before["vcpus_used"]
    assert host["free_ram_mb"] == host["memory_mb"] - host["memory_mb_used"]
    assert host["memory_mb_used"] == ours["used"]["memory_mib"] + 512
    assert host["running_vms"] == before["running_vms"] + 1
    assert (host["state"], host["hypervisor_type"]) == ("up", "scripted")


def test_an_unknown_hypervisor_is_not_found_and_an_invalid_id_refused(region: Region) -> None:
    missing = "Hypervisor with ID '{}' could not be found."
    for id_, at, status in (
        ("1", "2.1", 404),
        ("x", "2.1", 404),
        ("11111111-1111-4111-8111-111111111111", "2.53", 404),
        ("1", "2.53", 400),
    ):
        ((_, told),) = get(region, f"/os-hypervisors/{id_}", at, status).items()
        assert told["message"] == (missing.format(id_) if status == 404 else f"Invalid uuid {id_}")


def test_removed_hypervisor_paths_are_absent_in_later_versions(region: Region) -> None:
    id_ = uuid_of(HOST)
    for path, last in (("statistics", 87), (f"{id_}/uptime", 87), ("host/search", 52)):
        get(region, f"/os-hypervisors/{path}", f"2.{last}")
        get(region, f"/os-hypervisors/{path}", f"2.{last + 1}", 404)


def test_hosts_are_found_by_a_part_of_their_names_but_not_in_pages(region: Region) -> None:
    path = "/os-hypervisors?hypervisor_hostname_pattern="
    assert get(region, f"{path}ost-", "2.53")["hypervisors"]
    none = get(region, f"{path}nope", "2.53", 404)["itemNotFound"]
    assert none["message"] == "No hypervisor matching 'nope' could be found."
    get(region, f"{path}ost-&limit=1", "2.53", 400)


def test_a_zone_is_there_as_long_as_a_host_of_it_takes_servers(region: Region) -> None:
    def zones() -> Any:
        return get(region, "/os-availability-zone/detail")["availabilityZoneInfo"]

    (zone,) = zones()
    assert (zone["zoneName"], zone["zoneState"]) == ("nova", {"available": True})
    service = {"available": True, "active": True, "updated_at": None}
    assert zone["hosts"][HOST] == {"nova-compute": service}
    try:
        region.put(f"/v1/hosts/{HOST}/terms", {"enabled": False})
        told = {"zoneName": "nova", "zoneState": {"available": False}, "hosts": None}
        assert zones() == [told]
        assert get(region, "/os-availability-zone")["availabilityZoneInfo"] == [told]
    finally:
        region.put(f"/v1/hosts/{HOST}/terms", {})
