"""Starting a server and stopping it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import libvirt

from adapters.hypervisors.failures import Busy, DriverRefused, Failure
from adapters.hypervisors.kvm import reasons
from adapters.hypervisors.kvm.changes.change import DomainChange
from adapters.hypervisors.kvm.definition.reading import Reading

# Seconds. A healthy QEMU takes the press of its power button at once.
_PRESS = 2.0
# Paused for another reason it is not ours to wake: it may be arriving, or have gone elsewhere.
_MAY_BE_RESUMED = {
    libvirt.VIR_DOMAIN_PAUSED_UNKNOWN,
    libvirt.VIR_DOMAIN_PAUSED_USER,
    libvirt.VIR_DOMAIN_PAUSED_STARTING_UP,
}


def start(change: DomainChange) -> Reading:
    """Until libvirt says that it runs; its guest boots later."""
    change.wait_for_turn()
    if (now := change.read()).state == "running":
        return now
    try:
        change.write(_start)
    except DriverRefused:
        if (now := change.read()).state != "running":
            raise
        return now
    return change.read()


def stop(change: DomainChange, *, grace: float) -> Reading:
    """Press its power button; cut its power when it is still there ``grace`` seconds later."""
    now = change.read()
    if now.state == "stopped":
        return now
    if now.config is None:
        raise DriverRefused("it is not defined: stopped, nothing of it would be left")
    if now.state == "running":  # a paused guest hears nothing
        _shut_down(change, grace)
    return cut(change)


def cut(change: DomainChange) -> Reading:
    """Off, whatever its guest or its QEMU does; not amid a migration, which may end elsewhere."""
    if (now := change.read()).state == "stopped":
        return now
    if change.hold() == "job":
        raise Busy("a migration or another job of libvirt holds this server")
    try:
        change.force(lambda domain: domain.destroy())
    except DriverRefused:
        if (now := change.read()).state != "stopped":
            raise
        return now
    return change.read()


def _start(domain: Any) -> None:
    state, reason = domain.state()
    if state != libvirt.VIR_DOMAIN_PAUSED:
        domain.create()
    elif reason in _MAY_BE_RESUMED:
        domain.resume()
    else:
        raise DriverRefused(f"it is paused, and not by somebody who asked for it (reason {reason})")


def _shut_down(change: DomainChange, grace: float) -> None:
    """A QEMU that hangs hears it no more than a guest that does not listen."""
    with suppress(Failure):
        change.wait_for_turn(seconds=grace)
        change.write(_press, within=_PRESS)
        change.wait(lambda now: now.state == "stopped", seconds=grace)


def _press(domain: Any) -> None:
    """By ACPI: the guest's agent may hang, and libvirt would wait for it."""
    try:
        domain.shutdownFlags(libvirt.VIR_DOMAIN_SHUTDOWN_ACPI_POWER_BTN)
    except libvirt.libvirtError as e:
        if reasons.code(e) != libvirt.VIR_ERR_INVALID_ARG:
            raise
        domain.shutdown()  # libvirt's test driver knows one way only
