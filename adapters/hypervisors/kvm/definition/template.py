"""An image's template becomes the definition of one server, with room to grow built in."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from adapters.hypervisors.driver import Build
from adapters.hypervisors.failures import DriverRefused
from adapters.hypervisors.kvm.definition.limits import DIMM_STEP_MIB, LEAST_MIB
from adapters.hypervisors.kvm.definition.sizing import (
    child,
    drop,
    put_each_vcpu,
    put_mib,
    put_vcpus,
)
from adapters.hypervisors.kvm.definition.template_disks import copied_disks
from adapters.hypervisors.kvm.definition.template_xml import parsed

NAMESPACE = "urn:ullage:libvirt:1"

# As many DIMMs as CloudStack and OpenNebula provide for; each grows a server once.
_SLOTS = 16
# What virtio-mem moves at once: a huge page, below which its guests cannot go.
_BLOCK_MIB = 2
# Seconds between what a guest's balloon driver tells of its memory.
_STATS = 2
_STEPS = {"dimm": DIMM_STEP_MIB, "virtio-mem": _BLOCK_MIB}


def defined(wanted: Build) -> str:
    """The domain's XML. Raises DriverRefused where no domain can be made of it.

    Memory comes in multiples of what its guest can take: 128 MiB with DIMMs, 2 MiB with
    virtio-mem. The ceiling is rounded down to what can be reached in such steps.
    """
    root = parsed(wanted.template)
    headroom = _headroom(wanted, root.get("type", ""))
    _put_name(root, wanted)
    _put_vcpus(root, wanted)
    _put_memory(root, wanted, headroom)
    _make_scalable(root)
    for disk, copied in copied_disks(root, wanted):
        child(disk, "source").set("volume", copied.copy)
    return ET.tostring(root, encoding="unicode")


def _headroom(wanted: Build, kind: str) -> int:
    """MiB that can be plugged later."""
    size, ceiling = wanted.size, wanted.ceiling
    if not size.fits(ceiling):
        raise DriverRefused(f"{size} asked, above its own ceiling of {ceiling}")
    if size.memory_mib < LEAST_MIB:
        raise DriverRefused(f"{size.memory_mib} MiB asked, a guest needs {LEAST_MIB} to live in")
    more = ceiling.memory_mib - size.memory_mib
    if kind == "test":  # its balloon moves by single MiB, whatever was wanted
        return more
    if wanted.memory_by == "balloon":
        raise DriverRefused(
            "memory of a KVM server moves by DIMMs or virtio-mem, not by its balloon"
        )
    if wanted.memory_by == "none":
        return 0
    step = _STEPS[wanted.memory_by]
    if odd := size.memory_mib % step:
        low = size.memory_mib - odd
        raise DriverRefused(
            f"memory comes in multiples of {step} MiB with {wanted.memory_by}:"
            f" {low} or {low + step} MiB would fit, {size.memory_mib} does not"
        )
    return more - more % step


def _put_name(root: ET.Element, wanted: Build) -> None:
    # libvirt wants it to be the only one of its name; people give names as they like.
    child(root, "name").text = f"ullage-{wanted.server}"
    child(root, "title").text = wanted.name
    child(root, "uuid").text = str(wanted.server)
    for interface in root.iterfind("./devices/interface"):
        drop(interface, "mac")  # libvirt makes one; two servers must not share it
    nvram = root.find("./os/nvram")
    if nvram is not None:
        nvram.text = None  # nor this file
    metadata = child(root, "metadata")
    drop(metadata, f"{{{NAMESPACE}}}*")
    ET.register_namespace("ullage", NAMESPACE)
    ET.SubElement(metadata, f"{{{NAMESPACE}}}building")


def _put_vcpus(root: ET.Element, wanted: Build) -> None:
    drop(root, "vcpu")
    drop(root, "vcpus")
    for numa in root.findall("./cpu/numa"):
        child(root, "cpu").remove(numa)
    ET.SubElement(root, "vcpu", placement="static").text = "0"
    put_vcpus(root, wanted.size.vcpus, most=wanted.ceiling.vcpus)
    if root.get("type") != "test" and (most := _most_vcpus(root)) > 1:
        ET.SubElement(root, "vcpus")
        put_each_vcpu(root, wanted.size.vcpus, most)


def _most_vcpus(root: ET.Element) -> int:
    return int(child(root, "vcpu").text or 0)


def _put_memory(root: ET.Element, wanted: Build, headroom: int) -> None:
    mib = wanted.size.memory_mib
    for name in ("memory", "currentMemory", "maxMemory"):
        drop(root, name)
    drop(child(root, "devices"), "memory")
    if root.get("type") == "test":
        put_mib(root, "memory", mib + headroom)
        put_mib(root, "currentMemory", mib)
        return
    if not headroom:
        put_mib(root, "memory", mib)
        return
    put_mib(root, "maxMemory", mib + headroom).set("slots", str(_SLOTS))
    cells = child(child(root, "cpu"), "numa")
    cell = ET.SubElement(cells, "cell", id="0", cpus=f"0-{_most_vcpus(root) - 1}")
    cell.set("memory", str(mib * 1024))
    cell.set("unit", "KiB")
    pluggable = _put_virtio_mem(root, headroom) if wanted.memory_by == "virtio-mem" else 0
    put_mib(root, "memory", mib + pluggable)


def _put_virtio_mem(root: ET.Element, headroom: int) -> int:
    """The device, all of it unplugged, and a port for one more: it cannot be had later."""
    devices = child(root, "devices")
    target = ET.SubElement(ET.SubElement(devices, "memory", model="virtio-mem"), "target")
    put_mib(target, "size", headroom)
    ET.SubElement(target, "node").text = "0"
    put_mib(target, "block", _BLOCK_MIB)
    put_mib(target, "requested", 0)
    os_type = root.find("./os/type")
    if os_type is not None and "q35" in os_type.get("machine", ""):
        if devices.find("controller[@model='pcie-root']") is None:
            ET.SubElement(devices, "controller", type="pci", index="0", model="pcie-root")
        ET.SubElement(devices, "controller", type="pci", model="pcie-root-port")
    return headroom


def _make_scalable(root: ET.Element) -> None:
    """Plugging, and being shut down, is told to a guest by ACPI; its balloon tells its memory."""
    if root.get("type") == "test":
        return
    child(child(root, "features"), "acpi")
    devices = child(root, "devices")
    balloon = devices.find("memballoon")
    if balloon is None:
        balloon = ET.SubElement(devices, "memballoon", model="virtio")
    if balloon.get("model") != "none":
        child(balloon, "stats").set("period", str(_STATS))
