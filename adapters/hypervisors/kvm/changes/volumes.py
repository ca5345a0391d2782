"""The volumes that were copied for one server, named after it."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from xml.etree import ElementTree as ET

from adapters.hypervisors.kvm.definition.template_disks import Disk


def copy(connection: Any, disks: list[Disk]) -> None:
    """Whole copies, each in its original's pool. One of an attempt that was cut off goes first."""
    for disk in disks:
        pool = connection.storagePoolLookupByName(disk.pool)
        original = pool.storageVolLookupByName(disk.volume)
        _delete(pool, disk.copy)
        pool.createXMLFrom(_copy_of(original.XMLDesc(), disk.copy), original, 0)


def remove(connection: Any, xml: str, server: UUID) -> None:
    """What the domain of this ``xml`` has of its own. Volumes of other names are not ours."""
    sources = ET.fromstring(xml).iterfind("./devices/disk[@type='volume']/source")  # noqa: S314 (libvirt wrote it)
    for source in sources:
        name = source.get("volume", "")
        if name.startswith(f"{server}-"):
            _remove(connection, source.get("pool", ""), name)


def _remove(connection: Any, pool: str, name: str) -> None:
    """Nothing of ours is in a pool that libvirt does not know."""
    for known in connection.listAllStoragePools():
        if known.name() == pool:
            _delete(known, name)


def _delete(pool: Any, name: str) -> None:
    """Whether it is there is asked of the pool's list: an error may have other reasons."""
    for volume in pool.listAllVolumes():
        if volume.name() == name:
            volume.delete()


def _copy_of(xml: str, name: str) -> str:
    """As big as the original and of its format, on its own feet: no backing file."""
    original = ET.fromstring(xml)  # noqa: S314 (libvirt wrote it)
    capacity, form = original.find("capacity"), original.find("./target/format")
    volume = ET.Element("volume")
    ET.SubElement(volume, "name").text = name
    if capacity is not None:
        volume.append(capacity)
    if form is not None:
        ET.SubElement(volume, "target").append(form)
    return ET.tostring(volume, encoding="unicode")
