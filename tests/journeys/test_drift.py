"""Somebody changes servers with libvirt itself, past the books: they hear of it, and answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import libvirt
import pytest
from msgspec.structs import replace

from adapters.bootstrap.relaying import running
from adapters.demo.machines import machine
from adapters.hypervisors.kvm import Kvm
from adapters.hypervisors.registry import DriverRegistry
from domain.shared.size import Size
from tests.adapters.hypervisors.kvm.hosts import TestHost
from tests.kit.region import HOST, OWN, Region, make_tokens, size, until
from tests.kit.watching import BY_EVENTS, drift, facts, kinds, observed, watch

URI = "test:///default"
WAS, GROWN = Size(1, 512), Size(3, 2048)
# Of vCPUs libvirt tells no event.
OFTEN = replace(BY_EVENTS, sweep=0.2)


class OnLibvirt(Region):
    """A region whose host is libvirt's own test driver, which lives in this process."""

    def drivers(self) -> DriverRegistry:
        return DriverRegistry({HOST: URI})


@pytest.fixture
def host() -> Iterator[TestHost]:
    with machine.connected(URI) as connection:
        driver = Kvm(URI)
        yield TestHost(driver, connection)
        driver.close()


@pytest.fixture
def region(database: str, host: TestHost) -> Iterator[Region]:
    made = OnLibvirt(database, tokens=make_tokens(database))
    try:
        yield made.leading()
    finally:
        made.stop()


@pytest.fixture
def server(region: Region, host: TestHost) -> UUID:
    made = host.make()
    most = {"vcpus": 4, "memory_mib": 4096}
    body = {"host": HOST, "server": str(made), "project": OWN, "ceiling": most}
    assert region.post("/v1/adoptions", body).status_code == 201
    return made


def _resized(host: TestHost, server: UUID, to: Size) -> None:
    """With virsh, say."""
    found = _domain(host, server)
    both = libvirt.VIR_DOMAIN_AFFECT_LIVE | libvirt.VIR_DOMAIN_AFFECT_CONFIG
    found.setVcpusFlags(to.vcpus, both)
    found.setMemoryFlags(to.memory_mib * 1024, libvirt.VIR_DOMAIN_AFFECT_LIVE)
    found.setMemoryFlags(to.memory_mib * 1024, libvirt.VIR_DOMAIN_AFFECT_CONFIG)


def _domain(host: TestHost, server: UUID) -> Any:
    return host._connection.lookupByUUIDString(str(server))


def _power(region: Region, server: UUID) -> str:
    return str(region.get(f"/v1/servers/{server}").json()["power"])


def test_another_size_is_seen_claimed_and_brought_back(
    region: Region, host: TestHost, server: UUID
) -> None:
    with running(watch(region, OFTEN)), region.carried():
        _resized(host, server, GROWN)
        until(lambda: [one["seen"]["size"] for one in drift(region)] == [size(GROWN)])
        assert region.used() == {"instances": 1, "cores": 3, "ram": 2048}
        accepted = region.post(f"/v1/servers/{server}/drift/reapply", {})
        assert region.ended(accepted.json()["operation"])["state"] == "succeeded"
    assert host.driver.inspect(server).allocated == WAS
    assert region.used() == {"instances": 1, "cores": 1, "ram": 512}
    assert drift(region) == []


def test_another_size_is_adopted_as_far_as_the_quota_goes(
    region: Region, host: TestHost, server: UUID
) -> None:
    region.limits(cores=2)
    with running(watch(region, OFTEN)):
        _resized(host, server, GROWN)
        until(lambda: [one["seen"]["size"] for one in drift(region)] == [size(GROWN)])
    path = f"/v1/servers/{server}/drift/adopt"
    assert region.post(path, {}).json()["type"] == "urn:ullage:problem:quota-exceeded"
    assert region.post(path, {"force": True}).json()["exceeded"] == {"cores": 1}
    assert region.get(f"/v1/servers/{server}").json()["size"] == size(GROWN)


def test_power_follows_its_events_and_a_start_reads_the_limits_anew(
    region: Region, host: TestHost, server: UUID
) -> None:
    with running(watch(region, BY_EVENTS)):
        until(lambda: region.get(f"/v1/hosts/{HOST}").json()["capacity"])
        _domain(host, server).destroy()
        until(lambda: _power(region, server) == "stopped")
        most = libvirt.VIR_DOMAIN_AFFECT_CONFIG | libvirt.VIR_DOMAIN_VCPU_MAXIMUM
        _domain(host, server).setVcpusFlags(8, most)
        _domain(host, server).create()
        until(lambda: _power(region, server) == "running")
    envelope = region.get(f"/v1/servers/{server}").json()["envelope"]
    assert envelope["ceiling"]["vcpus"] == 8
    assert observed(region) == []


def test_our_own_changes_are_no_drift_there_either(region: Region, server: UUID) -> None:
    wanted = [Size(2, 1024), Size(4, 2560), Size(1, 512), Size(3, 768)]
    with running(watch(region, replace(OFTEN, sweep=0.02))), region.carried():
        for to in wanted * 3:
            assert region.ended(region.scaling(server, to))["state"] == "succeeded"
        for what in ("stop", "start"):
            accepted = region.post(f"/v1/servers/{server}/{what}", {})
            assert region.ended(accepted.json()["operation"])["state"] == "succeeded"
    assert not {"server.drift-observed", "server.envelope-read"} & set(kinds(region, server))
    powered = [one for one in facts(region, server) if one["kind"] == "server.power-changed"]
    assert all(one["body"]["operation"] for one in powered)
