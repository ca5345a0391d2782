"""The calls that bring one domain to a size: memory first, then vCPUs, and only what differs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol
from uuid import UUID

import libvirt
import msgspec

from adapters.hypervisors.failures import DriverOutcomeUnknown
from adapters.hypervisors.kvm import reasons
from adapters.hypervisors.kvm.definition import domain_xml, limits
from adapters.hypervisors.kvm.definition.domain_xml import Definition
from adapters.hypervisors.kvm.definition.reading import Reading
from domain.shared.size import Size

LIVE: int = libvirt.VIR_DOMAIN_AFFECT_LIVE
CONFIG: int = libvirt.VIR_DOMAIN_AFFECT_CONFIG


class SizeStep(Protocol):
    def apply(self, domain: Any) -> None:
        """One call of libvirt; raises its error."""

    def holds(self, now: Reading) -> bool:
        """It is on record already."""


class SetVcpus(msgspec.Struct, frozen=True):
    vcpus: int
    flags: int

    def apply(self, domain: Any) -> None:
        domain.setVcpusFlags(self.vcpus, self.flags)

    def holds(self, now: Reading) -> bool:
        return all(side.vcpus == self.vcpus for _, side in sides(now, self.flags))


class Plug(msgspec.Struct, frozen=True):
    """A DIMM with a name of ours. libvirt refuses a second one of the same name.

    A libvirtd that was killed while it plugged may leave a part of that name in QEMU which no
    guest sees and libvirt cannot remove. Then, if ``again``, another name is taken.
    """

    alias: str
    mib: int
    flags: int
    again: bool = False

    def apply(self, domain: Any) -> None:
        for alias in (self.alias, f"{self.alias}-2", f"{self.alias}-3"):
            try:
                domain.attachDeviceFlags(domain_xml.dimm(alias, self.mib), self.flags)
            except libvirt.libvirtError as e:
                text = reasons.restored(e).get_error_message() or ""
                if f"mem{alias}'" not in text:  # QEMU's name for that part
                    raise
                if not self.again:
                    break
            else:
                return
        raise DriverOutcomeUnknown("QEMU has a part of this memory that libvirt does not know of")

    def holds(self, now: Reading) -> bool:
        return all(side.named(self.alias) is not None for _, side in sides(now, self.flags))


class RequestMemory(msgspec.Struct, frozen=True):
    """So much of the virtio-mem device. The guest follows when it can."""

    mib: int
    flags: int
    xml: str

    def apply(self, domain: Any) -> None:
        domain.updateDeviceFlags(self.xml, self.flags)

    def holds(self, now: Reading) -> bool:
        devices = [side.virtio_mem for _, side in sides(now, self.flags)]
        return all(d is not None and d.requested_mib == self.mib for d in devices)


class Balloon(msgspec.Struct, frozen=True):
    """Only for libvirt's test driver, which takes one side at a time."""

    mib: int
    flags: int

    def apply(self, domain: Any) -> None:
        domain.setMemoryFlags(self.mib * 1024, self.flags)

    def holds(self, now: Reading) -> bool:
        return all(side.ballooned_to == self.mib for _, side in sides(now, self.flags))


def alias_of(operation: UUID) -> str:
    """libvirt keeps user aliases apart from its own by this prefix."""
    return f"ua-{operation}"


def sides(now: Reading, flags: int = LIVE | CONFIG) -> list[tuple[int, Definition]]:
    """What runs and what will start, as far as ``flags`` name them and they are there."""
    both = [(LIVE, None if now.state == "stopped" else now.live), (CONFIG, now.config)]
    return [(flag, side) for flag, side in both if flag & flags and side is not None]


def vcpus(now: Reading, to: Size) -> list[SizeStep]:
    flags = sum(flag for flag, side in sides(now) if side.vcpus != to.vcpus)
    return [SetVcpus(to.vcpus, flags)] if flags else []


def memory(now: Reading, to: Size, operation: UUID) -> list[SizeStep]:
    if limits.memory_by(now.live) == "dimm":
        return list(_plugs(now, to.memory_mib, alias_of(operation)))
    return sized(now, to.memory_mib)


def sized(now: Reading, mib: int) -> list[SizeStep]:
    """For memory that moves both ways."""
    match limits.memory_by(now.live):
        case "virtio-mem":
            return list(_requests(now, mib))
        case "balloon":
            return list(_balloons(now, mib))
        case _:
            return []


def _plugs(now: Reading, mib: int, alias: str) -> Iterator[Plug]:
    """One call for both sides where both lack the same."""
    lacks: dict[int, int] = {}
    for flag, side in sides(now):
        lack = mib - side.allocated_mib
        fits = lack > 0 and lack % limits.DIMM_STEP_MIB == 0 and len(side.devices) < side.slots
        if fits and side.named(alias) is None:
            lacks[lack] = lacks.get(lack, 0) | flag
    for lack, flags in lacks.items():
        # Only a balloon tells whether the guest has what libvirt lost sight of.
        yield Plug(alias, lack, flags, again=now.live.balloon)


def _requests(now: Reading, mib: int) -> Iterator[RequestMemory]:
    for flag, side in sides(now):
        device = side.virtio_mem
        if device is None:
            continue
        wanted = mib - (side.allocated_mib - device.current_mib)
        if wanted != device.requested_mib and 0 <= wanted <= device.size_mib:
            yield RequestMemory(wanted, flag, domain_xml.with_requested(device, wanted))


def _balloons(now: Reading, mib: int) -> Iterator[Balloon]:
    for flag, side in sides(now):
        if side.ballooned_to != mib:
            yield Balloon(mib, flag)
