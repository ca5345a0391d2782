"""Moving a running server to another host, live: wherever it breaks off, it runs at one of them."""

from __future__ import annotations

from contextlib import suppress
from time import sleep
from typing import Any

import libvirt

from adapters.hypervisors.failures import (
    Busy,
    DriverOutcomeUnknown,
    DriverRefused,
    DriverUnavailable,
    Failure,
    Gone,
    NotAllowed,
)
from adapters.hypervisors.kvm.changes.change import DomainChange
from adapters.hypervisors.kvm.definition.reading import Reading
from adapters.hypervisors.kvm.link.address import Address
from adapters.hypervisors.kvm.link.connection import Connection

# The client sees the migration through: if it dies, both ends take it back by themselves.
_HOW = (
    libvirt.VIR_MIGRATE_LIVE
    | libvirt.VIR_MIGRATE_PERSIST_DEST
    | libvirt.VIR_MIGRATE_UNDEFINE_SOURCE
    | libvirt.VIR_MIGRATE_ABORT_ON_ERROR
    | libvirt.VIR_MIGRATE_AUTO_CONVERGE
)
# What stays behind here belongs to the server there, where it runs.
_LEFT_BEHIND = (
    libvirt.VIR_DOMAIN_UNDEFINE_MANAGED_SAVE
    | libvirt.VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA
    | libvirt.VIR_DOMAIN_UNDEFINE_CHECKPOINTS_METADATA
    | libvirt.VIR_DOMAIN_UNDEFINE_KEEP_NVRAM
)
# Of the time that is left, what is kept to take a migration back that does not end; at most so
# many seconds.
_KEPT_SHARE, _KEPT = 0.25, 10.0
_AGAIN = 0.1


def migrate(here: DomainChange, there: DomainChange, to: Address) -> Reading:
    """The server as it runs there. Raises DriverRefused or DriverUnavailable if it never left."""
    if now := _arrived(here, there):
        return now
    if here.read().state == "stopped":
        raise DriverRefused("it does not run: only a running server is moved live")
    in_time = here.left - min(_KEPT, here.left * _KEPT_SHARE)
    try:
        _let_end(here, in_time)
        if now := _arrived(here, there):
            return now
        here.move(lambda domain: _move(domain, to), within=in_time)
    except DriverUnavailable:
        raise
    except Failure as why:
        return _settled(here, there, why)
    return _settled(here, there, DriverOutcomeUnknown("libvirt says that it has gone there"))


def _move(domain: Any, to: Address) -> None:
    host = Connection(to.uri).connection()
    route = {libvirt.VIR_MIGRATE_PARAM_URI: to.migrate_uri} if to.migrate_uri else {}
    domain.migrate3(host, route, _HOW)


def _arrived(here: DomainChange, there: DomainChange) -> Reading | None:
    """It runs there, and nothing of it is left here; None while it is not there, or on its way."""
    try:
        now = there.read()
        if now.state == "stopped" or there.hold() == "job":
            return None
    except Gone:
        return None
    _forget(here)
    return now


def _forget(here: DomainChange) -> None:
    """libvirt ends what is paused here by itself, unless it was killed just then."""
    with suppress(Gone):
        if here.read().state == "running":
            raise NotAllowed("it runs on both hosts: an operator must look")
        if not here.wait(lambda now: now.state == "stopped", seconds=here.left):
            raise DriverOutcomeUnknown("it runs there, and what is left of it here does not end")
        here.force(lambda domain: domain.undefineFlags(_LEFT_BEHIND))


def _let_end(here: DomainChange, in_time: float) -> None:
    """A migration that an earlier attempt began may get there yet. Raises Busy."""
    with suppress(Gone):
        try:
            here.wait_for_turn(seconds=in_time)
        except Busy as e:
            if here.ask(_is_leaving):
                raise DriverOutcomeUnknown("a migration that was begun earlier does not end") from e
            raise


def _settled(here: DomainChange, there: DomainChange, why: Failure) -> Reading:
    """Where it is when nothing moves any more; raises what the failure means then."""
    there.sent = here.sent = True
    if isinstance(why, DriverOutcomeUnknown):
        _abort(here)
    while here.left:
        with suppress(
            DriverUnavailable, DriverOutcomeUnknown
        ):  # a host that was killed may come again
            if now := _arrived(here, there):
                return now
            if _is_back(here, there):
                break
        sleep(_AGAIN)
    else:
        raise DriverOutcomeUnknown(str(why)) from why
    if isinstance(why, DriverRefused):
        raise why
    raise DriverUnavailable(f"it runs where it was, the migration was taken back: {why}") from why


def _is_back(here: DomainChange, there: DomainChange) -> bool:
    """It runs here as before, and nothing of it is left there."""
    try:
        if here.read().state == "stopped" or here.hold() != "free":
            return False
    except Gone:
        return False
    try:
        return there.read().state == "stopped"
    except Gone:
        return True


def _is_leaving(domain: Any) -> bool:
    operation = domain.jobStats().get("operation")
    return bool(operation == libvirt.VIR_DOMAIN_JOB_OPERATION_MIGRATION_OUT)


def _abort(here: DomainChange) -> None:
    """Without an effect where there is nothing to abort."""
    with suppress(Failure):
        here.force(lambda domain: domain.abortJob())
