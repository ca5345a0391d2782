"""One domain as libvirt records it, running or not."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

import libvirt
import msgspec

from adapters.hypervisors.kvm import domain_xml
from adapters.hypervisors.kvm.domain_xml import Definition

State = Literal["running", "paused", "stopped"]

_STATES: dict[int, State] = {
    libvirt.VIR_DOMAIN_RUNNING: "running",
    libvirt.VIR_DOMAIN_BLOCKED: "running",
    libvirt.VIR_DOMAIN_SHUTDOWN: "running",  # on its way down, still there
    libvirt.VIR_DOMAIN_PAUSED: "paused",
    libvirt.VIR_DOMAIN_PMSUSPENDED: "paused",
}


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """``live`` is what runs, ``config`` what the next start will have (None: there is none).

    They are two facts: a call that was cut off may have changed one of them only.
    A stopped domain runs nothing; its ``live`` is its ``config``.
    """

    state: State
    live: Definition
    config: Definition | None

    def same_size_as(self, other: Reading) -> bool:
        """Nothing that we change is different."""
        return _sizes(self) == _sizes(other)


def _sizes(now: Reading) -> list[tuple[int, int, tuple[tuple[str, int], ...]]]:
    sides = [now.live] if now.config is None else [now.live, now.config]
    return [
        (s.vcpus, s.allocated_mib, tuple((d.alias, d.requested_mib) for d in s.devices))
        for s in sides
    ]


def read(domain: Any) -> Reading:
    """Never blocks on the guest or its QEMU: libvirt answers these from its own memory."""
    config = None
    if domain.isPersistent():
        config = domain_xml.definition(domain.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE))
    return Reading(
        state=_STATES.get(domain.state()[0], "stopped"),
        live=domain_xml.definition(domain.XMLDesc(0)),
        config=config,
    )


def read_one(connection: Any, server: UUID) -> Reading:
    return read(connection.lookupByUUIDString(str(server)))


def read_all(connection: Any) -> list[Reading]:
    """Every domain that is still there when its turn comes."""
    found = []
    for domain in connection.listAllDomains():
        try:
            found.append(read(domain))
        except libvirt.libvirtError as e:
            if e.get_error_code() != libvirt.VIR_ERR_NO_DOMAIN:
                raise
    return found


def is_held(connection: Any, server: UUID) -> bool:
    """Some call waits for this domain's QEMU, or keeps it for itself. Asking does not wait."""
    try:
        state, _, _ = connection.lookupByUUIDString(str(server)).controlInfo()
    except libvirt.libvirtError as e:
        # Not running, or a driver whose domains are never held.
        if e.get_error_code() in {libvirt.VIR_ERR_OPERATION_INVALID, libvirt.VIR_ERR_NO_SUPPORT}:
            return False
        raise
    return bool(state != libvirt.VIR_DOMAIN_CONTROL_OK)
