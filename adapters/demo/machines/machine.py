"""The demo's virtual machines: defined, started and removed at a libvirt of our own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID
from xml.etree import ElementTree as ET
from xml.sax.saxutils import quoteattr

import libvirt
import msgspec

from adapters.demo.machines.console import CannotReadGuest, Guest
from adapters.demo.machines.guest import GuestFiles
from adapters.hypervisors.kvm.link.connection import start_events

# TCG, never KVM: that the device is there does not mean that a guest boots with it.
# Hot-plugged memory needs ACPI, a NUMA cell and slots; the guest's kernel brings it online itself.
_TEMPLATE = """
<domain type='qemu'>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
    <kernel>{kernel}</kernel>
    <initrd>{initrd}</initrd>
    <cmdline>{cmdline}</cmdline>
  </os>
  <features><acpi/><apic/></features>
  <cpu mode='custom' match='exact' check='none'><model fallback='allow'>qemu64</model>{numa}</cpu>
  <on_crash>destroy</on_crash>
  <devices>
    <emulator>{emulator}</emulator>
    <controller type='usb' model='none'/>
    <serial type='pty'>{log}<target port='0'/></serial>
    <memballoon model='virtio'><stats period='1'/></memballoon>
    {devices}
  </devices>
  {sizes}
</domain>
"""
# Emulated on a busy machine the timer's interrupts come late: the kernel's check of them at boot
# would end in a panic.
_CMDLINE = "console=ttyS0 quiet panic=-1 no_timer_check autocpu memhp_default_state=online_movable"
_SIZES = """
  <name>{name}</name>
  <uuid>{server}</uuid>
  {hotplug}
  <memory unit='MiB'>{memory_mib}</memory>
  <vcpu placement='static' current='{vcpus}'>{most_vcpus}</vcpu>
"""
# Appended to: a guest that moves has two QEMUs, and both write to it.
_LOG = "<log file={file} append='on'/>"
_NUMA = "<numa><cell id='0' cpus='0-{last}' memory='{mib}' unit='MiB'/></numa>"
_HOTPLUG = "<maxMemory slots='{slots}' unit='MiB'>{most_memory_mib}</maxMemory>"
_AGENT = "<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>"
_VIRTIO_MEM = """
<memory model='virtio-mem'>
  <target>
    <size unit='MiB'>{mib}</size><node>0</node>
    <block unit='MiB'>2</block><requested unit='MiB'>0</requested>
  </target>
</memory>
"""


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    """A server to build. Memory in MiB; ``virtio_mem_mib`` can be plugged and unplugged freely.

    Without ``virtio_mem_mib`` memory grows by DIMMs, at most ``slots`` of them. ``log``: where all
    is kept that its serial line says.
    """

    server: UUID
    name: str
    vcpus: int = 1
    most_vcpus: int = 4
    memory_mib: int = 512
    most_memory_mib: int = 4096
    slots: int = 16
    virtio_mem_mib: int = 0
    agent: bool = False
    log: Path | None = None

    def xml(self, files: GuestFiles) -> str:
        fields = msgspec.structs.asdict(self)
        hotplug = _HOTPLUG.format_map(fields) if self.slots else ""
        # libvirt counts the whole virtio-mem device as memory of the domain.
        whole = self.memory_mib + self.virtio_mem_mib
        return _filled(
            files,
            sizes=_SIZES.format_map(fields | {"hotplug": hotplug, "memory_mib": whole}),
            numa=_NUMA.format(last=self.most_vcpus - 1, mib=self.memory_mib),
            devices=_AGENT * self.agent
            + _VIRTIO_MEM.format(mib=self.virtio_mem_mib) * bool(self.virtio_mem_mib),
            log=_LOG.format(file=quoteattr(str(self.log))) if self.log else "",
        )


def template(files: GuestFiles, *, agent: bool = False) -> str:
    """An image's, of which the driver builds servers: everything but name, id and size."""
    return _filled(files, devices=_AGENT * agent)


def _filled(files: GuestFiles, **parts: str) -> str:
    """``parts`` of the template; those that are not given are empty."""
    filled = {"sizes": "", "numa": "", "devices": "", "log": ""} | parts
    return _TEMPLATE.format(
        **filled,
        cmdline=_CMDLINE,
        kernel=files.kernel,
        initrd=files.initrd,
        emulator=shutil.which("qemu-system-x86_64"),
    )


@contextmanager
def connected(uri: str) -> Iterator[Any]:
    """A connection of libvirt's own kind, for what the driver does not do."""
    start_events()
    connection = libvirt.open(uri)
    try:
        yield connection
    finally:
        connection.close()


def define(uri: str, machine: Machine, files: GuestFiles, *, paused: bool = False) -> UUID:
    """Define it and start it; ``paused`` ones never boot, and cost almost nothing."""
    with connected(uri) as host:
        domain = host.defineXML(machine.xml(files))
        domain.createWithFlags(libvirt.VIR_DOMAIN_START_PAUSED if paused else 0)
    return machine.server


def console(uri: str, server: UUID) -> Guest:
    """The serial line of a running guest. Wait until it is ready before anything is asked. Raises
    CannotReadGuest."""
    try:
        with connected(uri) as host:
            xml = host.lookupByUUIDString(str(server)).XMLDesc()
    except libvirt.libvirtError as e:
        raise CannotReadGuest(f"its libvirt does not tell where it is: {e}") from e
    root = ET.fromstring(xml)  # noqa: S314 (libvirt wrote it)
    source, log = root.find("./devices/serial/source"), root.find("./devices/serial/log")
    if source is None:
        raise CannotReadGuest("the server has no serial line")
    return Guest(
        Path(source.get("path", "")),
        log=None if log is None else Path(log.get("file", "")),
        progress=lambda: _cpu_time(uri, server),
    )


def _cpu_time(uri: str, server: UUID) -> int | None:
    """Nanoseconds that it has run; None where it does not run any more."""
    try:
        with connected(uri) as host:
            return int(host.lookupByUUIDString(str(server)).info()[4])
    except libvirt.libvirtError:
        return None


def remove(uri: str, server: UUID) -> None:
    """Power off and forget. Does nothing where there is none."""
    with connected(uri) as host:
        try:
            domain = host.lookupByUUIDString(str(server))
        except libvirt.libvirtError as e:
            if e.get_error_code() == libvirt.VIR_ERR_NO_DOMAIN:
                return
            raise
        if domain.isActive():
            domain.destroy()
        domain.undefine()
