"""Making a server of a template, so that doing it again after any accident finishes it."""

from __future__ import annotations

from typing import Any, Literal

import libvirt

from adapters.hypervisors.driver import Build
from adapters.hypervisors.failures import DriverOutcomeUnknown, DriverRefused, Failure, Gone
from adapters.hypervisors.kvm import reasons
from adapters.hypervisors.kvm.changes import volumes
from adapters.hypervisors.kvm.changes.change import DomainChange
from adapters.hypervisors.kvm.changes.delete import delete
from adapters.hypervisors.kvm.changes.power import start
from adapters.hypervisors.kvm.definition import template, template_disks
from adapters.hypervisors.kvm.definition.reading import Reading
from adapters.hypervisors.kvm.definition.template import NAMESPACE

# How far we came, kept in the definition: a copy that was cut off looks like a whole one.
Mark = Literal["building", "copied", "built"]


def build(change: DomainChange, wanted: Build) -> Reading:
    """Define it, copy its volumes, start it. What is there already is only started."""
    xml = template.defined(wanted)
    if not _is_defined(change):
        _define(change, xml)
    mark: Mark = change.ask(_mark)
    try:
        if mark == "building":
            _copy_volumes(change, wanted)
        now = start(change)
    except DriverRefused as why:
        if mark != "built":
            _leave_nothing(change, why)
        raise
    if mark != "built":  # from here on a refusal takes nothing away
        change.write(lambda domain: _put_mark(domain, "built"))
    return now


def _is_defined(change: DomainChange) -> bool:
    try:
        change.read()
    except Gone:
        return False
    return True


def _define(change: DomainChange, xml: str) -> None:
    try:
        change.write_host(lambda host: host.defineXML(xml))
    except DriverRefused:
        if not _is_defined(change):
            raise


def _copy_volumes(change: DomainChange, wanted: Build) -> None:
    disks = template_disks.disks(wanted)
    if disks:
        change.write_host(lambda host: volumes.copy(host, disks))
        change.write(lambda domain: _put_mark(domain, "copied"))


def _leave_nothing(change: DomainChange, why: DriverRefused) -> None:
    try:
        delete(change)
    except Failure as e:
        raise DriverOutcomeUnknown(
            f"it was refused ({why}), and something of it is left: {e}"
        ) from e


def _mark(domain: Any) -> Mark:
    try:
        xml = domain.metadata(libvirt.VIR_DOMAIN_METADATA_ELEMENT, NAMESPACE, _CONFIG)
    except libvirt.libvirtError as e:
        if reasons.code(e) == libvirt.VIR_ERR_NO_DOMAIN_METADATA:
            return "built"  # by somebody else
        raise
    return "building" if "building" in xml else "copied" if "copied" in xml else "built"


def _put_mark(domain: Any, mark: Mark) -> None:
    element = libvirt.VIR_DOMAIN_METADATA_ELEMENT
    flags = _CONFIG | (libvirt.VIR_DOMAIN_AFFECT_LIVE if domain.isActive() else 0)
    domain.setMetadata(element, f"<{mark}/>", "ullage", NAMESPACE, flags)


_CONFIG: int = libvirt.VIR_DOMAIN_AFFECT_CONFIG
