"""Bringing one server to a size, so that doing it again after any accident does no harm."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

import libvirt

from adapters.hypervisors.driver import Reconfigured
from adapters.hypervisors.failures import DriverOutcomeUnknown, DriverRefused, Failure
from adapters.hypervisors.kvm.changes import steps
from adapters.hypervisors.kvm.changes.change import DomainChange
from adapters.hypervisors.kvm.changes.redefine import Redefine
from adapters.hypervisors.kvm.changes.steps import SizeStep
from adapters.hypervisors.kvm.changes.undo import undo
from adapters.hypervisors.kvm.definition import limits
from adapters.hypervisors.kvm.definition.found import as_found
from adapters.hypervisors.kvm.definition.reading import Reading
from adapters.hypervisors.kvm.definition.template import NAMESPACE
from domain.shared.size import GuestView, Size

# Seconds. What a guest may take to follow, before we say what it has and what it lacks.
_VIRTIO_MEM_FOLLOWS = 10.0
_GUEST_SEES = 3.0
_TAG = 2.0


def reconfigure(change: DomainChange, *, operation: UUID, to: Size) -> Reconfigured:
    """Read, refuse what cannot be, change what differs, read back."""
    change.wait_for_turn()
    before = change.read()
    todo = _steps(before, operation, to)
    view = change.guest(before) if todo else GuestView()
    if stopped := carry_out(change, todo, before):
        return stopped
    if todo:
        _tag(change, operation, to)
    _let_follow(change, before, to, view)
    return _read_back(change, to)


def _steps(before: Reading, operation: UUID, to: Size) -> list[SizeStep]:
    """A stopped server takes its whole size in one."""
    if before.state == "stopped":
        whole = Redefine(to)
        return [] if whole.holds(before) else [whole]
    _check(before, operation, to)
    return steps.memory(before, to, operation) + steps.vcpus(before, to)


def carry_out(change: DomainChange, todo: list[SizeStep], before: Reading) -> Reconfigured | None:
    """All steps or, when one is refused, none of them where that can be. Raises DriverRefused."""
    done: list[SizeStep] = []
    for step in todo:
        if why := _take(change, step, before):
            return _taken_back(change, done, before, why)
        done.append(step)
    return None


def _check(before: Reading, operation: UUID, to: Size) -> None:
    """What this operation has plugged already is not weighed again."""
    begun = before.live.named(steps.alias_of(operation)) is not None
    size = limits.allocated(before.live)
    limits.check(before, Size(to.vcpus, size.memory_mib) if begun else to)


def _take(change: DomainChange, step: SizeStep, before: Reading) -> DriverRefused | None:
    """Take one step. A refusal is believed when the record shows that nothing was changed."""
    sent = change.sent
    try:
        change.write(step.apply)
    except DriverRefused as why:
        change.sent = True  # until the record has been read
        now = change.read()
        if step.holds(now):
            return None
        if not sent and not now.same_size_as(before):
            raise DriverOutcomeUnknown(f"it was refused, yet something changed: {why}") from why
        return why
    return None


def _taken_back(
    change: DomainChange, done: list[SizeStep], before: Reading, why: DriverRefused
) -> Reconfigured:
    """The refusal if the server is as before, else what it has now and why not more."""
    if done:
        with suppress(Failure):
            undo(change, done, before)
    now = change.read()
    if now.same_size_as(before):
        raise why
    return Reconfigured(found=as_found(now, change.guest(now)), shortfall=str(why))


def _tag(change: DomainChange, operation: UUID, to: Size) -> None:
    """Evidence for whoever looks at the host; nothing depends on it."""
    xml = f"<applied operation='{operation}' vcpus='{to.vcpus}' memory_mib='{to.memory_mib}'/>"
    element = libvirt.VIR_DOMAIN_METADATA_ELEMENT
    with suppress(Failure):
        now = change.read()
        flags = sum(flag for flag, _ in steps.sides(now))
        change.write(lambda d: d.setMetadata(element, xml, "ullage", NAMESPACE, flags), within=_TAG)


def _let_follow(change: DomainChange, before: Reading, to: Size, view: GuestView) -> None:
    """The call has returned; give the guest a moment to do its part."""
    if before.state == "stopped":
        return
    if before.live.virtio_mem is not None:
        change.wait(
            lambda now: now.live.allocated_mib == to.memory_mib, seconds=_VIRTIO_MEM_FOLLOWS
        )
    if view != GuestView():
        change.wait(lambda now: _sees(change.guest(now), view, before, to), seconds=_GUEST_SEES)


def _sees(now: GuestView, view: GuestView, before: Reading, to: Size) -> bool:
    """Whether the guest, as far as it speaks, has followed in everything that was changed."""
    moved = to.memory_mib == before.live.allocated_mib or now.memory_mib != view.memory_mib
    return moved and (view.vcpus is None or now.vcpus in (None, to.vcpus))


def _read_back(change: DomainChange, to: Size) -> Reconfigured:
    now = change.read()
    return Reconfigured(found=as_found(now, change.guest(now)), shortfall=_shortfall(now, to))


def _shortfall(now: Reading, to: Size) -> str | None:
    has = limits.allocated(now.live)
    if has != to:
        return f"{to} asked, the server has {has}"
    if lost := now.live.unrecorded_mib:
        return f"the guest has {lost} MiB that libvirt lost sight of until its next start"
    if now.config is not None and (later := limits.allocated(now.config)) != to:
        return f"the server has {has} now, and will have {later} at its next start"
    return None
