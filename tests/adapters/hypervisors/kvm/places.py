"""Libvirts of our own with real QEMU, each started once; conftest files take them in."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import UUID, uuid4

import libvirt
import pytest

from adapters.demo.machines import guest, machine
from adapters.demo.machines.console import Guest
from adapters.demo.machines.guest import GuestFiles
from adapters.demo.machines.libvirtd import Libvirtd
from adapters.demo.machines.machine import Machine
from adapters.hypervisors.failures import Gone
from adapters.hypervisors.kvm import Kvm
from tests.kit.within_reach import guest_cache, reachable


class TwoHosts:
    """Two libvirts on this machine, between which a running guest can move.

    ``uris`` is what stands in a region's settings. Servers made here go with the test.
    """

    def __init__(self, first: Libvirtd, second: Libvirtd, files: GuestFiles) -> None:
        self.daemons = {"kvm-1": first, "kvm-2": second}
        self.files = files
        self.drivers = {name: Kvm(uri) for name, uri in self.uris.items()}

    @property
    def uris(self) -> dict[str, str]:
        return {name: daemon.as_host for name, daemon in self.daemons.items()}

    def template(self) -> str:
        return machine.template(self.files, agent=True)

    def boot(self, host: str, *, memory_mib: int = 384) -> UUID:
        """A guest with one of four vCPUs that grows by DIMMs; wait for it at its console."""
        server = uuid4()
        daemon = self.daemons[host]
        made = Machine(
            server=server,
            name=str(server),
            memory_mib=memory_mib,
            agent=True,
            log=daemon.console_log(server),
        )
        return machine.define(daemon.uri, made, self.files)

    def make(self, host: str) -> UUID:
        """One that is paused before its first instruction."""
        server = uuid4()
        made = Machine(server=server, name=str(server), memory_mib=384)
        return machine.define(self.daemons[host].uri, made, self.files, paused=True)

    def console(self, host: str, server: UUID) -> Guest:
        return machine.console(self.daemons[host].uri, server)

    def where(self, server: UUID) -> dict[str, str]:
        """Its state at each host that knows it."""
        found: dict[str, str] = {}
        for name, driver in self.drivers.items():
            with suppress(Gone):
                found[name] = driver.inspect(server).state
        return found

    def clear(self) -> None:
        for name, daemon in self.daemons.items():
            self.drivers[name].close()
            for pid in daemon.guests().values():
                os.kill(pid, signal.SIGKILL)
            with machine.connected(daemon.uri) as host:
                for domain in host.listAllDomains():
                    with suppress(libvirt.libvirtError):  # one that was running is going
                        domain.destroy()
                    with suppress(libvirt.libvirtError):
                        domain.undefine()


@pytest.fixture(scope="session")
def cache(pytestconfig: pytest.Config) -> Path:
    return guest_cache(pytestconfig)


@pytest.fixture(scope="session")
def files(cache: Path) -> GuestFiles:
    return guest.build(cache / "files")


@contextmanager
def started(folder: Path, cache: Path) -> Iterator[Libvirtd]:
    with reachable(folder) as place:
        daemon = Libvirtd(place, cache=cache / "capabilities")
        daemon.start()
        yield daemon
        daemon.stop()


@pytest.fixture(scope="session")
def daemon(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Libvirtd]:
    with started(tmp_path_factory.mktemp("libvirtd"), cache) as daemon:
        yield daemon


@pytest.fixture(scope="session")
def second_daemon(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Libvirtd]:
    with started(tmp_path_factory.mktemp("libvirtd"), cache) as daemon:
        yield daemon


@pytest.fixture
def two_hosts(daemon: Libvirtd, second_daemon: Libvirtd, files: GuestFiles) -> Iterator[TwoHosts]:
    hosts = TwoHosts(daemon, second_daemon, files)
    yield hosts
    hosts.clear()
