"""Two real libvirts, one pool: CloudStack's three cases of a scale, looked at from inside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from adapters.demo.machines.console import Guest
from adapters.hypervisors.registry import DriverRegistry
from adapters.relay.pace import Pace
from domain.shared.size import Size
from tests.adapters.hypervisors.kvm.places import (
    TwoHosts,
    cache,
    daemon,
    files,
    second_daemon,
    two_hosts,
)
from tests.kit.region import OWN, Region, make_tokens, size, until

__all__ = ["cache", "daemon", "files", "second_daemon", "two_hosts"]

pytestmark = [pytest.mark.xdist_group("two-hosts"), pytest.mark.takes(12)]

WAS, GROWN = Size(1, 384), Size(2, 512)
PATIENT = Pace(idle=0.05, call_seconds=20.0)


class OnTwoHosts(Region):
    """A region whose hosts are libvirts that run QEMU."""

    two: TwoHosts

    def drivers(self) -> DriverRegistry:
        return DriverRegistry(self.two.uris)


@pytest.fixture
def region(database: str, two_hosts: TwoHosts) -> Iterator[OnTwoHosts]:
    OnTwoHosts.two = two_hosts
    made = OnTwoHosts(database, tokens=make_tokens(database), operation_seconds=120.0)
    try:
        yield made.leading()
    finally:
        made.stop()


@pytest.fixture
def server(region: OnTwoHosts, two_hosts: TwoHosts) -> UUID:
    """A guest on the first host, in the books, with what both hosts say that they have."""
    made = two_hosts.boot("kvm-1", memory_mib=WAS.memory_mib)
    most = {"vcpus": 4, "memory_mib": 1024}
    body = {"host": "kvm-1", "server": str(made), "project": OWN, "ceiling": most}
    answered = region.post("/v1/adoptions", body)
    assert answered.status_code == 201, answered.text
    for name, driver in two_hosts.drivers.items():
        told = driver.read_host()
        has = {"vcpus": told.vcpus, "memory_mib": told.memory_mib}
        fact = {"host": name, "capacity": has, "traits": [], "hypervisor": told.hypervisor}
        region.post("/v1/observations", {"hosts": [fact]}, as_="service")
    return made


def test_there_is_room_on_its_host(region: OnTwoHosts, two_hosts: TwoHosts, server: UUID) -> None:
    with two_hosts.console("kvm-1", server) as inside, region.carried(pace=PATIENT):
        inside.wait_until_ready()
        had = inside.memory_mib()
        ended = _scaled(region, server, GROWN, consent="migrate")
        assert (ended["state"], ended["mode"], ended["to_host"]) == ("succeeded", "live", None)
        until(lambda: (inside.vcpus(), inside.memory_mib()) == (2, had + 128))
    assert _on(region, server) == "kvm-1"


def test_there_is_room_on_another_host_only(
    region: OnTwoHosts, two_hosts: TwoHosts, server: UUID
) -> None:
    _leave(region, "kvm-1", WAS)
    with two_hosts.console("kvm-1", server) as inside:
        inside.wait_until_ready()
        had, since = inside.memory_mib(), _uptime(inside)
        inside.ask("echo kept > /dev/shm/mark || echo kept > /mark")
    refused = region.scale(server, GROWN)
    assert (refused.status_code, refused.json()["consent"]) == (409, "migrate")
    with region.carried(pace=PATIENT):
        ended = _scaled(region, server, GROWN, consent="migrate")
        assert (ended["state"], ended["mode"]) == ("succeeded", "migrate"), ended
    with two_hosts.console("kvm-2", server) as inside:
        until(lambda: (inside.vcpus(), inside.memory_mib()) == (2, had + 128))
        assert inside.ask("cat /dev/shm/mark /mark 2>/dev/null").split() == ["kept"]
        assert _uptime(inside) > since
    assert two_hosts.where(server) == {"kvm-2": "running"}
    assert _used(region) == {"kvm-1": size(Size(0, 0)), "kvm-2": size(GROWN)}
    assert region.used() == {"instances": 1, "cores": 2, "ram": 512}


def test_there_is_room_on_no_host(region: OnTwoHosts, two_hosts: TwoHosts, server: UUID) -> None:
    _leave(region, "kvm-1", WAS)
    region.put("/v1/hosts/kvm-2/terms", {"enabled": False})
    answered = region.scale(server, GROWN, consent="migrate")
    assert answered.json()["type"] == "urn:ullage:problem:no-valid-host"
    assert _on(region, server) == "kvm-1"
    assert two_hosts.where(server) == {"kvm-1": "running"}
    assert region.used() == {"instances": 1, "cores": 1, "ram": 384}


def test_a_server_is_built_scaled_stopped_grown_started_and_deleted(
    region: OnTwoHosts, two_hosts: TwoHosts, server: UUID
) -> None:
    flavor = {"id": "small", "name": "small", "vcpus": 1, "memory_mib": 384}
    specs = {"hw:max_vcpus": "4", "hw:max_memory_mb": "1024"}
    assert region.post("/v1/flavors", flavor | {"extra_specs": specs}).status_code == 201
    image = {"id": "linux", "name": "linux", "template": two_hosts.template()}
    assert region.post("/v1/images", image).status_code == 201
    with region.carried(pace=PATIENT):
        wish = {"name": "built", "flavor": "small", "image": "linux"}
        built = region.ended(region.post("/v1/servers", wish, as_="member").json()["operation"])
        assert built["state"] == "succeeded", built
        made = UUID(built["server"])
        with two_hosts.console(_on(region, made), made) as inside:
            inside.wait_until_ready()  # from then on it hears its power button
        assert _scaled(region, made, GROWN)["state"] == "succeeded"
        assert _done(region, made, "stop") == "succeeded"
        assert _scaled(region, made, Size(3, 896))["mode"] == "stopped"
        assert _done(region, made, "start") == "succeeded"
        found = two_hosts.drivers[_on(region, made)].inspect(made)
        assert (found.state, found.allocated) == ("running", Size(3, 896))
        accepted = region.ask("DELETE", f"/v1/servers/{made}").json()
        assert region.ended(accepted["operation"])["state"] == "succeeded"
    assert two_hosts.where(made) == {}
    assert region.used() == {"instances": 1, "cores": 1, "ram": 384}


def _scaled(region: Region, server: UUID, to: Size, consent: str = "live") -> dict[str, Any]:
    answered = region.scale(server, to, consent=consent)
    assert answered.status_code == 202, answered.text
    return region.ended(str(answered.json()["operation"]))


def _done(region: Region, server: UUID, what: str) -> str:
    accepted = region.post(f"/v1/servers/{server}/{what}", {}).json()
    return str(region.ended(accepted["operation"])["state"])


def _leave(region: Region, host: str, room: Size) -> None:
    """Terms under which the host has this much to promise, and no more."""
    capacity = region.get(f"/v1/hosts/{host}").json()["capacity"]
    terms = {
        "cpu_allocation_ratio": room.vcpus / capacity["vcpus"],
        "reserved_host_memory_mb": capacity["memory_mib"] - room.memory_mib,
    }
    assert region.put(f"/v1/hosts/{host}/terms", terms).status_code == 200


def _on(region: Region, server: UUID) -> str:
    return str(region.get(f"/v1/servers/{server}").json()["host"])


def _used(region: Region) -> dict[str, Any]:
    return {one["name"]: one["used"] for one in region.get("/v1/hosts").json()}


def _uptime(inside: Guest) -> float:
    return float(inside.ask("cat /proc/uptime").split()[0])
