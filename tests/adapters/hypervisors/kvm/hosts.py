"""Hosts on which a test makes servers: libvirt's own test driver, and real QEMU."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from typing import Any, Protocol, TypedDict, Unpack
from uuid import UUID, uuid4

import libvirt

from adapters.demo.machines import machine
from adapters.demo.machines.guest import GuestFiles
from adapters.demo.machines.libvirtd import Libvirtd
from adapters.demo.machines.machine import Machine
from adapters.hypervisors.driver import Build, Driver, Found
from adapters.hypervisors.kvm import Kvm
from adapters.hypervisors.kvm.definition import domain_xml
from adapters.hypervisors.kvm.definition.domain_xml import Definition

_TEST_DOMAIN = """
<domain type='test'>
  <name>{name}</name><uuid>{server}</uuid>
  <memory unit='MiB'>4096</memory><currentMemory unit='MiB'>512</currentMemory>
  <vcpu current='1'>4</vcpu><os><type>hvm</type></os>
</domain>
"""


class Built(TypedDict, total=False):
    """How a machine differs from the usual one."""

    slots: int
    virtio_mem_mib: int


class Host(Protocol):
    """Every server is made with 1 of 4 vCPUs and 512 of 4096 MiB, and does not run its guest."""

    @property
    def driver(self) -> Driver: ...

    def make(self) -> UUID: ...

    def stop(self, server: UUID) -> None: ...

    def next_start(self, server: UUID) -> Definition: ...

    def template(self) -> str:
        """Of which its driver can build servers."""


class TestHost:
    __test__ = False  # the driver's name, not a test

    def __init__(self, driver: Kvm, connection: Any) -> None:
        self.driver = driver
        self._connection = connection

    def make(self) -> UUID:
        server = uuid4()
        self._connection.defineXML(_TEST_DOMAIN.format(name=server, server=server)).create()
        return server

    def template(self) -> str:
        return "<domain type='test'><os><type>hvm</type></os></domain>"

    def stop(self, server: UUID) -> None:
        self._connection.lookupByUUIDString(str(server)).destroy()

    def next_start(self, server: UUID) -> Definition:
        return _next_start(self._connection.lookupByUUIDString(str(server)))


class QemuHost:
    def __init__(self, driver: Kvm, daemon: Libvirtd, files: GuestFiles) -> None:
        self.driver = driver
        self.uri = daemon.uri
        self._daemon = daemon
        self._files = files
        self._servers: list[UUID] = []

    def make(self, **built: Unpack[Built]) -> UUID:
        """Paused before its first instruction: it never boots, and takes every change."""
        server = uuid4()
        self._servers.append(server)
        made = Machine(server=server, name=str(server), **built)
        return machine.define(self.uri, made, self._files, paused=True)

    def template(self) -> str:
        return machine.template(self._files)

    def build(self, wanted: Build, within: float = 20.0) -> Found:
        """As the driver does, and remembered so that it goes with the test."""
        self._servers.append(wanted.server)
        return self.driver.build(wanted, within=within)

    def process(self, server: UUID) -> int:
        return self._daemon.guests()[str(server)]

    def clear(self) -> None:
        """libvirt takes two seconds to end a guest that never ran: the kernel takes none."""
        with machine.connected(self.uri) as host:
            for server in self._servers:
                if pid := self._daemon.guests().get(str(server)):
                    os.kill(pid, signal.SIGKILL)
                with suppress(libvirt.libvirtError):  # a test may have removed it
                    host.lookupByUUIDString(str(server)).undefine()

    def stop(self, server: UUID) -> None:
        with domain(self.uri, server) as found:
            found.destroy()

    def next_start(self, server: UUID) -> Definition:
        with domain(self.uri, server) as found:
            return _next_start(found)

    def runs(self, server: UUID) -> Definition:
        with domain(self.uri, server) as found:
            return domain_xml.definition(found.XMLDesc())


class domain:
    """libvirt's own object for a server, as another tool would use it."""

    def __init__(self, uri: str, server: UUID) -> None:
        self._connected = machine.connected(uri)
        self._server = server

    def __enter__(self) -> Any:
        return self._connected.__enter__().lookupByUUIDString(str(self._server))

    def __exit__(self, *error: object) -> None:
        self._connected.__exit__(None, None, None)


def _next_start(found: Any) -> Definition:
    return domain_xml.definition(found.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE))
