"""Another size for a running server that can have it only from its next start on."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from adapters.hypervisors.driver import Reconfigured
from adapters.hypervisors.failures import DriverRefused, Failure
from adapters.hypervisors.kvm.changes.change import DomainChange
from adapters.hypervisors.kvm.changes.power import start, stop
from adapters.hypervisors.kvm.changes.reconfigure import reconfigure
from adapters.hypervisors.kvm.changes.redefine import AS_DEFINED
from adapters.hypervisors.kvm.definition import limits, sizing
from adapters.hypervisors.kvm.definition.found import as_found
from domain.shared.size import Size


def restart(change: DomainChange, *, operation: UUID, to: Size, grace: float) -> Reconfigured:
    """Stop, resize, start; as it was before where it cannot be had with its new size."""
    before = change.read()
    if before.state == "running" and limits.allocated(before.live) == to:
        return reconfigure(change, operation=operation, to=to)
    had: str = change.ask(lambda domain: domain.XMLDesc(AS_DEFINED))
    sizing.resized(had, to)  # refused now, while it still runs
    stop(change, grace=grace)
    try:
        resized = reconfigure(change, operation=operation, to=to)
        now = start(change)
    except DriverRefused as why:
        return _as_before(change, had, why)
    return Reconfigured(found=as_found(now, change.guest(now)), shortfall=resized.shortfall)


def _as_before(change: DomainChange, had: str, why: DriverRefused) -> Reconfigured:
    """Raises the refusal when it runs again with what it had; else it is stopped, and says so."""
    with suppress(Failure):
        change.write(lambda domain: domain.connect().defineXML(had))
        start(change)
    now = change.read()
    if now.state == "running":
        raise why
    return Reconfigured(found=as_found(now, change.guest(now)), shortfall=str(why))
