"""Giving a stopped domain another size, in what its next start will have."""

from __future__ import annotations

from typing import Any

import libvirt
import msgspec

from adapters.hypervisors.failures import Busy, DriverRefused
from adapters.hypervisors.kvm.definition import limits, sizing
from adapters.hypervisors.kvm.definition.reading import Reading
from domain.shared.size import Size

# With its passwords, which would be lost if it were defined again without them.
AS_DEFINED: int = libvirt.VIR_DOMAIN_XML_INACTIVE | libvirt.VIR_DOMAIN_XML_SECURE


class Redefine(msgspec.Struct, frozen=True):
    """One step for the whole size: libvirt takes a definition as one, or not at all."""

    to: Size

    def apply(self, domain: Any) -> None:
        if domain.isActive():
            raise Busy("somebody has started it")
        if domain.hasManagedSaveImage():
            raise DriverRefused("its memory is saved on disk: it would start again as it was")
        domain.connect().defineXML(sizing.resized(domain.XMLDesc(AS_DEFINED), self.to))

    def holds(self, now: Reading) -> bool:
        return now.config is not None and limits.allocated(now.config) == self.to
