"""Moving a running server to another host, live: wherever it breaks off, it runs at one of them."""

from __future__ import annotations

from contextlib import suppress
from time import sleep
from typing import Any

import libvirt

from adapters.hypervisors.driver import (
    Busy,
    Failure,
    Gone,
    NotAllowed,
    OutcomeUnknown,
    Refused,
    Unavailable,
)
from adapters.hypervisors.kvm.changes.change import Change
from adapters.hypervisors.kvm.definition.reading import Reading
from adapters.hypervisors.kvm.link.address import Address
from adapters.hypervisors.kvm.link.connection import Link

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


def migrate(here: Change, there: Change, to: Address) -> Reading:
    """The server as it runs there. Raises Refused, Unavailable when it runs here as before."""
    if now := _arrived(here, there):
        return now
    if here.read().state == "stopped":
        raise Refused("it does not run: only a running server is moved live")
    in_time = here.left - min(_KEPT, here.left * _KEPT_SHARE)
    try:
        _let_end(here, in_time)
        if now := _arrived(here, there):
            return now
        here.move(lambda domain: _move(domain, to), within=in_time)
    except Unavailable:
        raise
    except Failure as why:
        return _settled(here, there, why)
    return _settled(here, there, OutcomeUnknown("libvirt says that it has gone there"))


def _move(domain: Any, to: Address) -> None:
    host = Link(to.uri).connection()
    route = {libvirt.VIR_MIGRATE_PARAM_URI: to.migrate_uri} if to.migrate_uri else {}
    domain.migrate3(host, route, _HOW)


def _arrived(here: Change, there: Change) -> Reading | None:
    """It runs there, and nothing of it is left here; None while it is not there, or on its way."""
    try:
        now = there.read()
        if now.state == "stopped" or there.hold() == "job":
            return None
    except Gone:
        return None
    _forget(here)
    return now


def _forget(here: Change) -> None:
    """libvirt ends what is paused here by itself, unless it was killed just then."""
    with suppress(Gone):
        if here.read().state == "running":
            raise NotAllowed("it runs on both hosts: an operator must look")
        if not here.wait(lambda now: now.state == "stopped", seconds=here.left):
            raise OutcomeUnknown("it runs there, and what is left of it here does not end")
        here.force(lambda domain: domain.undefineFlags(_LEFT_BEHIND))


def _let_end(here: Change, in_time: float) -> None:
    """A migration that an earlier attempt began may get there yet. Raises Busy."""
    with suppress(Gone):
        try:
            here.wait_for_turn(seconds=in_time)
        except Busy as e:
            if here.ask(_is_leaving):
                raise OutcomeUnknown("a migration that was begun earlier does not end") from e
            raise


def _settled(here: Change, there: Change, why: Failure) -> Reading:
    """Where it is when nothing moves any more; raises what the failure means then."""
    there.sent = here.sent = True
    if isinstance(why, OutcomeUnknown):
        _abort(here)
    while here.left:
        with suppress(Unavailable, OutcomeUnknown):  # a host that was killed may come again
            if now := _arrived(here, there):
                return now
            if _is_back(here, there):
                break
        sleep(_AGAIN)
    else:
        raise OutcomeUnknown(str(why)) from why
    if isinstance(why, Refused):
        raise why
    raise Unavailable(f"it runs where it was, the migration was taken back: {why}") from why


def _is_back(here: Change, there: Change) -> bool:
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


def _abort(here: Change) -> None:
    """Without an effect where there is nothing to abort."""
    with suppress(Failure):
        here.force(lambda domain: domain.abortJob())
