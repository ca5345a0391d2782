"""What each libvirt error means for us.

libvirt names an error by a code (what) and a domain (which part of it speaks). Where the table
has no word for it, the answer says nothing: after a write the outcome is unknown.
Measured on libvirt 9.0 with QEMU 7.2 and on the in-process test driver.
"""

from __future__ import annotations

import errno
import os
import re

import libvirt

from adapters.hypervisors.failures import (
    Busy,
    DriverNeedsRestart,
    DriverOutcomeUnknown,
    DriverRefused,
    DriverUnavailable,
    Failure,
    Gone,
    NoCapacity,
    NotAllowed,
    Unreachable,
)

# A clear answer, whoever gives it: nothing was changed.
_ANSWERED: dict[int, type[Failure]] = {
    libvirt.VIR_ERR_NO_MEMORY: NoCapacity,
    libvirt.VIR_ERR_NO_SUPPORT: DriverRefused,
    libvirt.VIR_ERR_INVALID_ARG: DriverRefused,
    libvirt.VIR_ERR_XML_ERROR: DriverRefused,
    libvirt.VIR_ERR_XML_DETAIL: DriverRefused,
    libvirt.VIR_ERR_OPERATION_INVALID: DriverRefused,  # most often: the domain is not running
    libvirt.VIR_ERR_CONFIG_UNSUPPORTED: DriverRefused,
    libvirt.VIR_ERR_ARGUMENT_UNSUPPORTED: DriverRefused,
    libvirt.VIR_ERR_OPERATION_UNSUPPORTED: DriverNeedsRestart,
    libvirt.VIR_ERR_DEVICE_MISSING: DriverRefused,
    libvirt.VIR_ERR_NO_STORAGE_POOL: DriverRefused,
    libvirt.VIR_ERR_NO_STORAGE_VOL: DriverRefused,
    libvirt.VIR_ERR_STORAGE_VOL_EXIST: DriverRefused,
    libvirt.VIR_ERR_MIGRATE_UNSAFE: DriverRefused,
    libvirt.VIR_ERR_NO_DOMAIN: Gone,
    libvirt.VIR_ERR_RESOURCE_BUSY: Busy,
    libvirt.VIR_ERR_OPERATION_DENIED: NotAllowed,
    libvirt.VIR_ERR_ACCESS_DENIED: NotAllowed,
    libvirt.VIR_ERR_AUTH_FAILED: NotAllowed,
    libvirt.VIR_ERR_AUTH_CANCELLED: NotAllowed,
    libvirt.VIR_ERR_AUTH_UNAVAILABLE: NotAllowed,
}

# The same code means something else when this part of libvirt says it.
_ANSWERED_BY: dict[tuple[int, int], type[Failure]] = {
    # QEMU's own monitor said no; libvirt has taken its half back.
    (libvirt.VIR_ERR_INTERNAL_ERROR, libvirt.VIR_FROM_QEMU): DriverRefused,
    # Another domain has this name.
    (libvirt.VIR_ERR_OPERATION_FAILED, libvirt.VIR_FROM_DOMAIN): DriverRefused,
    # libvirt lacks a tool for this kind of volume.
    (libvirt.VIR_ERR_INTERNAL_ERROR, libvirt.VIR_FROM_STORAGE): DriverRefused,
}

# No answer to a question: ask again. After a write these are unknown like all others. An error
# without a code says nothing, not even that the host is away.
_SILENT: dict[int | None, type[Failure]] = {
    libvirt.VIR_ERR_OPERATION_TIMEOUT: Busy,
    None: DriverUnavailable,
}

_LOST_CODES = {
    libvirt.VIR_ERR_INTERNAL_ERROR,
    libvirt.VIR_ERR_SYSTEM_ERROR,
    libvirt.VIR_ERR_RPC,
}
_LOST_DOMAINS = {libvirt.VIR_FROM_RPC, libvirt.VIR_FROM_REMOTE}

# No memory left, or no room for a volume: libvirt's own calls of the system come with a number, and
# what QEMU and the tools say comes as their words under VIR_ERR_INTERNAL_ERROR, with nothing else.
_FULL = {errno.ENOMEM, errno.ENOSPC}
_FULL_WORDS = tuple(os.strerror(number) for number in sorted(_FULL))

# Another took the port that libvirt had chosen for a migration: it chooses again.
_PASSES = "Address already in use"

_CREDENTIALS = re.compile(r"//[^\s/@]*@|\?\S*")


def connection_is_lost(error: libvirt.libvirtError) -> bool:
    """The connection itself is broken: drop it and open another."""
    if error.get_error_code() in {libvirt.VIR_ERR_INVALID_CONN, libvirt.VIR_ERR_NO_CONNECT}:
        return True
    return error.get_error_code() in _LOST_CODES and error.get_error_domain() in _LOST_DOMAINS


def failure(error: libvirt.libvirtError, *, sent: bool) -> Failure:
    """What ``error`` means; ``sent`` when it answers a call that may have changed something."""
    text, code = words(error), error.get_error_code()
    if connection_is_lost(error):
        return DriverOutcomeUnknown(text) if sent else Unreachable(text)
    if _host_is_full(error):
        return NoCapacity(text)
    if _PASSES in text:
        return Busy(text)
    kind = _ANSWERED.get(code) or _ANSWERED_BY.get((code, error.get_error_domain()))
    if kind is None:
        kind = DriverOutcomeUnknown if sent else _SILENT.get(code, Unreachable)
    return kind(text)


def _host_is_full(error: libvirt.libvirtError) -> bool:
    match error.get_error_code():
        case libvirt.VIR_ERR_SYSTEM_ERROR:
            return error.get_int1() in _FULL
        case libvirt.VIR_ERR_INTERNAL_ERROR:
            return any(full in words(error) for full in _FULL_WORDS)
        case _:
            return False


def failure_to_open(error: libvirt.libvirtError) -> Failure:
    """No connection: let in by nobody is for an operator, all else may pass."""
    kind = _ANSWERED.get(error.get_error_code())
    return NotAllowed(words(error)) if kind is NotAllowed else Unreachable(words(error))


def words(error: libvirt.libvirtError) -> str:
    """libvirt's text, without what a connection's address may carry as a secret."""
    return without_credentials(error.get_error_message() or "libvirt gave no reason")


def without_credentials(text: str) -> str:
    return _CREDENTIALS.sub(lambda found: "//" if found[0].startswith("//") else "", text)
