"""Hosts and guests for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

from adapters.demo.machines import machine
from adapters.demo.machines.console import Guest
from adapters.demo.machines.guest import GuestFiles
from adapters.demo.machines.libvirtd import Libvirtd
from adapters.demo.machines.machine import Machine
from adapters.hypervisors.kvm import Kvm
from tests.adapters.hypervisors.kvm.hosts import Host, QemuHost, TestHost
from tests.adapters.hypervisors.kvm.places import cache, daemon, files, second_daemon, two_hosts

__all__ = ["cache", "daemon", "files", "second_daemon", "two_hosts"]


@pytest.fixture
def uri(daemon: Libvirtd) -> str:
    return daemon.uri


@pytest.fixture
def qemu(daemon: Libvirtd) -> Iterator[Kvm]:
    driver = Kvm(daemon.uri)
    yield driver
    driver.close()


@pytest.fixture
def qemu_host(daemon: Libvirtd, files: GuestFiles, qemu: Kvm) -> Iterator[QemuHost]:
    host = QemuHost(qemu, daemon, files)
    yield host
    host.clear()


@pytest.fixture
def test_host() -> Iterator[TestHost]:
    # libvirt forgets this host when its last connection closes.
    with machine.connected("test:///default") as connection:
        driver = Kvm("test:///default")
        yield TestHost(driver, connection)
        driver.close()


@pytest.fixture(params=["test", pytest.param("qemu", marks=pytest.mark.xdist_group("guest"))])
def host(request: pytest.FixtureRequest) -> Host:
    """Each kind of host in turn, behind the same port."""
    found: Host = request.getfixturevalue(f"{request.param}_host")
    return found


class Booted:
    """A guest that runs, and its serial line."""

    def __init__(self, server: UUID, inside: Guest) -> None:
        self.server = server
        self.inside = inside


def _booted(daemon: Libvirtd, files: GuestFiles, built: Machine) -> Iterator[Booted]:
    machine.define(daemon.uri, built, files)
    with machine.console(daemon.uri, built.server) as inside:
        inside.wait_until_ready()
        yield Booted(built.server, inside)
    machine.remove(daemon.uri, built.server)


@pytest.fixture
def booted(daemon: Libvirtd, files: GuestFiles) -> Iterator[Booted]:
    """512 MiB that grow by DIMMs, one vCPU of four, and an agent."""
    yield from _booted(daemon, files, Machine(server=uuid4(), name="dimms", agent=True))


@pytest.fixture
def booted_with_virtio_mem(daemon: Libvirtd, files: GuestFiles) -> Iterator[Booted]:
    built = Machine(server=uuid4(), name="virtio-mem", virtio_mem_mib=1024)
    yield from _booted(daemon, files, built)
