"""Putting a size into a domain's XML, for its next start."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from adapters.hypervisors.failures import DriverRefused
from adapters.hypervisors.kvm.definition import domain_xml
from adapters.hypervisors.kvm.definition.domain_xml import Definition, MemoryDevice
from adapters.hypervisors.kvm.definition.limits import DIMM_STEP_MIB, LEAST_MIB
from domain.shared.size import Size


def resized(xml: str, to: Size) -> str:
    """The same domain, of exactly this size when it starts. What is right already stays as it is.

    What it may grow to is raised where ``to`` is above it, and never lowered. Raises DriverRefused.
    """
    root, now = ET.fromstring(xml), domain_xml.definition(xml)  # noqa: S314 (libvirt wrote it)
    if now.vcpus != to.vcpus:
        put_vcpus(root, to.vcpus, most=now.vcpus_max)
    if now.allocated_mib != to.memory_mib:
        _put_memory(root, now, to.memory_mib)
    return ET.tostring(root, encoding="unicode")


def put_vcpus(root: ET.Element, vcpus: int, *, most: int) -> None:
    """So many now, and at least ``most`` without a restart."""
    if vcpus < 1:
        raise DriverRefused("a server has at least one vCPU")
    had = int(child(root, "vcpu").text or 0)
    most = _fitting(root, max(most, vcpus))
    vcpu = child(root, "vcpu")
    vcpu.text = str(most)
    vcpu.set("current", str(vcpus))
    if most != had:
        _put_into_cell(root, most)
    if root.find("vcpus") is not None:
        put_each_vcpu(root, vcpus, most)


def put_each_vcpu(root: ET.Element, vcpus: int, most: int) -> None:
    """The first can never be unplugged; others stay as they were, and new ones can."""
    each = child(root, "vcpus")
    fixed = {v.get("id") for v in each if v.get("hotpluggable") == "no"} | {"0"}
    for old in list(each):
        each.remove(old)
    for number in range(most):
        enabled = number < vcpus
        stays = enabled and str(number) in fixed
        vcpu = ET.SubElement(each, "vcpu", id=str(number), enabled=_yes(enabled))
        vcpu.set("hotpluggable", _yes(not stays))


def put_mib(root: ET.Element, name: str, mib: int) -> ET.Element:
    """libvirt writes KiB, so do we."""
    element = child(root, name)
    element.set("unit", "KiB")
    element.text = str(mib * 1024)
    return element


def child(root: ET.Element, name: str) -> ET.Element:
    """The child of this name, made where it is missing."""
    found = root.find(name)
    return ET.SubElement(root, name) if found is None else found


def drop(root: ET.Element, name: str) -> None:
    for element in root.findall(name):
        root.remove(element)


def _fitting(root: ET.Element, most: int) -> int:
    """Sockets are whole: with a topology the most is a multiple of what one socket has."""
    topology = root.find("./cpu/topology")
    if topology is None:
        return most
    in_one = 1
    for part in ("dies", "clusters", "cores", "threads"):
        in_one *= int(topology.get(part, 1))
    sockets = -(-most // in_one)
    topology.set("sockets", str(sockets))
    return sockets * in_one


def _put_into_cell(root: ET.Element, most: int) -> None:
    cells = root.findall("./cpu/numa/cell")
    if len(cells) > 1:
        raise DriverRefused(
            "its vCPUs are spread over NUMA cells: only its owner can say where more go"
        )
    for cell in cells:
        cell.set("cpus", f"0-{most - 1}")


def _put_memory(root: ET.Element, now: Definition, mib: int) -> None:
    if mib < LEAST_MIB:
        raise DriverRefused(f"{mib} MiB asked, a guest needs {LEAST_MIB} to live in")
    if now.kind == "test":  # no devices there: memory moves by the balloon alone
        put_mib(root, "memory", max(now.total_mib, mib))
        put_mib(root, "currentMemory", mib)
        return
    _fold_dimms(root)
    booted = now.total_mib - sum(d.size_mib for d in now.devices)
    other = sum(d.size_mib for d in now.devices if d.model not in {"dimm", "virtio-mem"})
    base, pluggable = mib - other, 0
    if device := now.virtio_mem:
        base, pluggable, plugged = _shared_out(device, booted, mib - other)
        _put_device(root, pluggable, plugged)
    _put_base(root, base, pluggable + other)


def _fold_dimms(root: ET.Element) -> None:
    """Earlier growth goes into the memory it boots with, and its slots are free again."""
    devices = child(root, "devices")
    for dimm in devices.findall("memory[@model='dimm']"):
        devices.remove(dimm)


def _shared_out(device: MemoryDevice, base: int, mib: int) -> tuple[int, int, int]:
    """What it boots with, the device's size, and what is plugged of it, in MiB.

    What it could grow to stays, as long as ``mib`` is not above it.
    """
    most = base + device.size_mib
    base = min(base, mib - mib % device.block_mib)
    base += (mib - base) % device.block_mib
    base = max(base, mib - device.size_mib)
    size = max(device.size_mib, most - base)
    return base, size - size % device.block_mib, mib - base


def _put_device(root: ET.Element, size: int, requested: int) -> None:
    target = root.find("./devices/memory[@model='virtio-mem']/target")
    if target is not None:
        put_mib(target, "size", size)
        put_mib(target, "requested", requested)


def _put_base(root: ET.Element, base: int, devices: int) -> None:
    if base < LEAST_MIB:
        raise DriverRefused(f"{base} MiB would be left to boot with, a guest needs {LEAST_MIB}")
    drop(root, "currentMemory")  # no balloon holds any of it back
    put_mib(root, "memory", base + devices)
    cells = root.findall("./cpu/numa/cell")
    if len(cells) > 1:
        raise DriverRefused(
            "its memory is spread over NUMA cells: only its owner can say where more goes"
        )
    for cell in cells:
        cell.set("memory", str(base * 1024))
        cell.set("unit", "KiB")
    if root.find("maxMemory") is not None:
        _raise_most(root, base, devices)


def _raise_most(root: ET.Element, base: int, devices: int) -> None:
    """QEMU does not start with slots and no room for what they are for."""
    had = int(child(root, "maxMemory").text or 0) // 1024
    least = base + (devices or DIMM_STEP_MIB)
    if had < least:
        put_mib(root, "maxMemory", least)


def _yes(so: bool) -> str:
    return "yes" if so else "no"
