"""Which volumes of a template a server gets a copy of, and what the copies are called."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import msgspec

from adapters.hypervisors.driver import Build
from adapters.hypervisors.failures import DriverRefused
from adapters.hypervisors.kvm.definition.template_xml import parsed


class Disk(msgspec.Struct, frozen=True, kw_only=True):
    """A volume of the template that the server gets a copy of."""

    pool: str
    volume: str
    copy: str


def disks(wanted: Build) -> list[Disk]:
    return [copied for _, copied in copied_disks(parsed(wanted.template), wanted)]


def copied_disks(root: ET.Element, wanted: Build) -> list[tuple[ET.Element, Disk]]:
    """Disks that a server writes to. What is read-only or shared stays one for all."""
    found = []
    for disk in root.iterfind("./devices/disk[@type='volume']"):
        source, target = disk.find("source"), disk.find("target")
        one_for_all = disk.find("readonly") is not None or disk.find("shareable") is not None
        if one_for_all or disk.get("device", "disk") != "disk":
            continue
        if source is None or target is None:
            raise DriverRefused("a volume of the template has no source or no target")
        pool, volume = source.get("pool", ""), source.get("volume", "")
        copy = f"{wanted.server}-{target.get('dev', '')}"
        found.append((disk, Disk(pool=pool, volume=volume, copy=copy)))
    return found
