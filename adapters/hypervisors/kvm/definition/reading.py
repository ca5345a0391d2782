"""One domain as libvirt records it, running or not."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

import libvirt
import msgspec

from adapters.hypervisors.failures import Gone
from adapters.hypervisors.kvm import reasons
from adapters.hypervisors.kvm.definition import domain_xml
from adapters.hypervisors.kvm.definition.domain_xml import Definition

DomainState = Literal["running", "paused", "stopped"]

_STATES: dict[int, DomainState] = {
    libvirt.VIR_DOMAIN_RUNNING: "running",
    libvirt.VIR_DOMAIN_BLOCKED: "running",
    libvirt.VIR_DOMAIN_SHUTDOWN: "running",  # on its way down, still there
    libvirt.VIR_DOMAIN_PAUSED: "paused",
    libvirt.VIR_DOMAIN_PMSUSPENDED: "paused",
}

# A job is long and libvirt's own, as a migration; a call waits for an answer of QEMU.
Hold = Literal["free", "job", "call"]

# What a domain is paused for while it comes from another host. It is defined here when it is here.
_ARRIVES = {libvirt.VIR_DOMAIN_PAUSED_STARTING_UP, libvirt.VIR_DOMAIN_PAUSED_MIGRATION}


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """``live`` is what runs, ``config`` what the next start will have (None: there is none).

    They are two facts: a call that was cut off may have changed one of them only.
    A stopped domain runs nothing; its ``live`` is its ``config``.
    """

    state: DomainState
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
    """Never blocks on the guest or its QEMU: libvirt answers these from its own memory.

    Raises Gone for one that is still on its way from another host.
    """
    state, reason = domain.state()
    config = None
    if domain.isPersistent():
        config = domain_xml.definition(domain.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE))
    elif state == libvirt.VIR_DOMAIN_PAUSED and reason in _ARRIVES:
        raise Gone("the server is on its way here")
    return Reading(
        state=_STATES.get(state, "stopped"),
        live=domain_xml.definition(domain.XMLDesc(0)),
        config=config,
    )


def read_one(connection: Any, server: UUID) -> Reading:
    return read(connection.lookupByUUIDString(str(server)))


def read_all(connection: Any) -> list[Reading]:
    """Every domain that is there, and still there when its turn comes."""
    found = []
    for domain in connection.listAllDomains():
        try:
            found.append(read(domain))
        except Gone:
            continue
        except libvirt.libvirtError as e:
            if reasons.code(e) != libvirt.VIR_ERR_NO_DOMAIN:
                raise
    return found


def hold(connection: Any, server: UUID) -> Hold:
    """What keeps this domain from taking another call. Asking does not wait."""
    domain = connection.lookupByUUIDString(str(server))
    try:
        control, _, _ = domain.controlInfo()
        if control != libvirt.VIR_DOMAIN_CONTROL_OK:
            return "call"  # behind which a question about jobs would wait
        job, *_ = domain.jobInfo()
    except libvirt.libvirtError as e:
        if reasons.code(e) == libvirt.VIR_ERR_OPERATION_UNSUPPORTED:
            return "job"  # a migration to here, which is told of only where it comes from
        # Not running, or a driver whose domains are never held.
        if reasons.code(e) in {libvirt.VIR_ERR_OPERATION_INVALID, libvirt.VIR_ERR_NO_SUPPORT}:
            return "free"
        raise
    return "free" if job == libvirt.VIR_DOMAIN_JOB_NONE else "job"
