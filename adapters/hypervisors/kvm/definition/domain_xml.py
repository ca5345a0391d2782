"""What libvirt's XML of one domain says about its size."""

from __future__ import annotations

from typing import Literal
from uuid import UUID
from xml.etree import ElementTree as ET

import msgspec

_KIB = 1024
_AGENT = "./devices/channel/target[@name='org.qemu.guest_agent.0']"


class MemoryDevice(msgspec.Struct, frozen=True, kw_only=True):
    """A DIMM or a virtio-mem device. The guest has ``current_mib`` of its ``size_mib``."""

    model: str
    alias: str
    size_mib: int
    requested_mib: int
    current_mib: int
    block_mib: int
    xml: str


class Definition(msgspec.Struct, frozen=True, kw_only=True):
    """One domain, as it runs or as it will start. Memory in MiB.

    ``total_mib`` counts every memory device at its full size; ``fixed_vcpus`` are those that can
    never be unplugged, None where libvirt does not say. ``ballooned_to`` is what the balloon
    leaves of the memory, in QEMU's own count where there is a balloon.
    """

    server: UUID
    name: str
    kind: str
    vcpus: int
    vcpus_max: int
    fixed_vcpus: int | None
    total_mib: int
    ballooned_to: int
    max_memory_mib: int
    slots: int
    devices: tuple[MemoryDevice, ...]
    balloon: bool
    agent: Literal["connected", "silent"]

    @property
    def virtio_mem(self) -> MemoryDevice | None:
        return next((d for d in self.devices if d.model == "virtio-mem"), None)

    @property
    def allocated_mib(self) -> int:
        """What it has now: DIMMs whole, virtio-mem as far as it is plugged."""
        if self.kind == "test":  # no devices there: memory moves by the balloon alone
            return self.ballooned_to
        return self._recorded_mib + self.unrecorded_mib

    @property
    def _recorded_mib(self) -> int:
        return self.total_mib - sum(d.size_mib - d.current_mib for d in self.devices)

    @property
    def unrecorded_mib(self) -> int:
        """A DIMM of which libvirt knows nothing: it was killed before it could write it down.

        QEMU and the guest have it all the same, until the server is powered off (measured).
        """
        if self.kind == "test" or self.virtio_mem is not None:
            return 0
        return max(0, self.ballooned_to - self._recorded_mib)

    def named(self, alias: str) -> MemoryDevice | None:
        """The DIMM of this alias, or of one made from it."""
        return next((d for d in self.devices if d.alias.startswith(alias)), None)


def definition(xml: str) -> Definition:
    """Read libvirt's XML, live or persistent."""
    root = ET.fromstring(xml)  # noqa: S314 (libvirt wrote it)
    vcpu = _need(root, "vcpu")
    most = int(vcpu.text or 0)
    total = _mib(root, "memory")
    maximum = root.find("maxMemory")
    return Definition(
        server=UUID(_need(root, "uuid").text),
        name=_need(root, "name").text or "",
        kind=root.get("type", ""),
        vcpus=int(vcpu.get("current", most)),
        vcpus_max=most,
        fixed_vcpus=_fixed_vcpus(root),
        total_mib=total,
        ballooned_to=_mib(root, "currentMemory"),
        max_memory_mib=total if maximum is None else _mib(root, "maxMemory"),
        slots=0 if maximum is None else int(maximum.get("slots", 0)),
        balloon=root.find("./devices/memballoon[@model='virtio']") is not None,
        devices=tuple(
            _device(m, live=root.get("id") is not None) for m in root.iterfind("./devices/memory")
        ),
        agent=_agent(root),
    )


def _device(memory: ET.Element, *, live: bool) -> MemoryDevice:
    alias = memory.find("alias")
    model = memory.get("model", "")
    size = _mib(memory, "target/size")
    requested = _mib(memory, "target/requested") if model == "virtio-mem" else size
    return MemoryDevice(
        model=model,
        alias="" if alias is None else alias.get("name", ""),
        size_mib=size,
        requested_mib=requested,
        current_mib=_plugged(memory) if live else requested,
        block_mib=_mib(memory, "target/block") if model == "virtio-mem" else 0,
        xml=ET.tostring(memory, encoding="unicode"),
    )


def _plugged(memory: ET.Element) -> int:
    """libvirt lists a DIMM before QEMU has it: what has no place in memory yet is not there."""
    if memory.get("model") == "virtio-mem":
        return _mib(memory, "target/current")
    on_its_way = memory.find("address[@type='dimm']") is not None and (
        memory.find("address[@base]") is None
    )
    return 0 if on_its_way else _mib(memory, "target/size")


def with_requested(device: MemoryDevice, mib: int) -> str:
    """The same virtio-mem device, asked for another size in MiB."""
    memory = ET.fromstring(device.xml)  # noqa: S314 (libvirt wrote it)
    requested = _need(memory, "target/requested")
    requested.set("unit", "KiB")
    requested.text = str(mib * _KIB)
    return ET.tostring(memory, encoding="unicode")


def dimm(alias: str, mib: int) -> str:
    """A new DIMM that carries our name, by which it is found again."""
    return (
        f"<memory model='dimm'><alias name='{alias}'/>"
        f"<target><size unit='MiB'>{mib}</size><node>0</node></target></memory>"
    )


def _fixed_vcpus(root: ET.Element) -> int | None:
    vcpus = root.findall("./vcpus/vcpu")
    fixed = [v for v in vcpus if v.get("enabled") == "yes" and v.get("hotpluggable") == "no"]
    return len(fixed) if vcpus else None


def _agent(root: ET.Element) -> Literal["connected", "silent"]:
    channel = root.find(_AGENT)
    connected = channel is not None and channel.get("state") == "connected"
    return "connected" if connected else "silent"


def _mib(root: ET.Element, path: str) -> int:
    """libvirt always writes KiB, whatever unit it was given."""
    return int(_need(root, path).text or 0) // _KIB


def _need(root: ET.Element, path: str) -> ET.Element:
    found = root.find(path)
    if found is None:
        raise ValueError(f"libvirt's XML has no {path}")
    return found
