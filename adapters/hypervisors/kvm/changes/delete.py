"""Removing a server with everything that was made for it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import libvirt

from adapters.hypervisors.failures import Gone
from adapters.hypervisors.kvm import reasons
from adapters.hypervisors.kvm.changes import volumes
from adapters.hypervisors.kvm.changes.change import DomainChange
from adapters.hypervisors.kvm.changes.power import cut
from adapters.hypervisors.kvm.changes.redefine import AS_DEFINED

_EVERYTHING = (
    libvirt.VIR_DOMAIN_UNDEFINE_MANAGED_SAVE
    | libvirt.VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA
    | libvirt.VIR_DOMAIN_UNDEFINE_CHECKPOINTS_METADATA
    | libvirt.VIR_DOMAIN_UNDEFINE_NVRAM
    | libvirt.VIR_DOMAIN_UNDEFINE_TPM
)


def delete(change: DomainChange) -> None:
    """Its definition goes last: as long as it is there, asking again finds what is left."""
    with suppress(Gone):
        cut(change)
        xml: str = change.ask(lambda domain: domain.XMLDesc(AS_DEFINED))
        change.write_host(lambda host: volumes.remove(host, xml, change.server))
        change.force(_undefine)
        cut(change)  # undefined while somebody started it, it would run on unseen


def _undefine(domain: Any) -> None:
    try:
        domain.undefineFlags(_EVERYTHING)
    except libvirt.libvirtError as e:
        if reasons.code(e) != libvirt.VIR_ERR_INVALID_ARG:
            raise
        domain.undefine()  # libvirt's test driver keeps none of these
