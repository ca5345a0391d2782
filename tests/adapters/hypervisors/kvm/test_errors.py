"""Every libvirt error becomes one of ours, and none of them tells a password."""

from __future__ import annotations

import errno
import gc
from collections.abc import Iterator
from typing import Any, NoReturn
from uuid import uuid4

import libvirt
import pytest

from adapters.demo.machines import machine
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
from adapters.hypervisors.kvm.link import errors
from adapters.hypervisors.kvm.link.line import Deadline, Line

RPC, REMOTE, QEMU = libvirt.VIR_FROM_RPC, libvirt.VIR_FROM_REMOTE, libvirt.VIR_FROM_QEMU
STORAGE = libvirt.VIR_FROM_STORAGE


def error(
    code: int, domain: int = QEMU, text: str = "no", number: int = -1
) -> libvirt.libvirtError:
    made = libvirt.libvirtError("made here")
    made.err = (code, domain, text, 2, None, None, None, number, -1)
    return made


@pytest.mark.parametrize(
    ("code", "domain", "asking", "changing"),
    [
        (libvirt.VIR_ERR_INVALID_ARG, QEMU, DriverRefused, DriverRefused),
        (libvirt.VIR_ERR_CONFIG_UNSUPPORTED, QEMU, DriverRefused, DriverRefused),
        (libvirt.VIR_ERR_ARGUMENT_UNSUPPORTED, QEMU, DriverRefused, DriverRefused),
        (libvirt.VIR_ERR_OPERATION_INVALID, QEMU, DriverRefused, DriverRefused),
        (libvirt.VIR_ERR_OPERATION_UNSUPPORTED, QEMU, DriverNeedsRestart, DriverNeedsRestart),
        (libvirt.VIR_ERR_INTERNAL_ERROR, QEMU, DriverRefused, DriverRefused),
        (libvirt.VIR_ERR_NO_MEMORY, QEMU, NoCapacity, NoCapacity),
        (libvirt.VIR_ERR_NO_DOMAIN, QEMU, Gone, Gone),
        (libvirt.VIR_ERR_ACCESS_DENIED, QEMU, NotAllowed, NotAllowed),
        (libvirt.VIR_ERR_AUTH_FAILED, RPC, NotAllowed, NotAllowed),
        (libvirt.VIR_ERR_OPERATION_TIMEOUT, QEMU, Busy, DriverOutcomeUnknown),
        (libvirt.VIR_ERR_SYSTEM_ERROR, RPC, Unreachable, DriverOutcomeUnknown),
        (libvirt.VIR_ERR_SYSTEM_ERROR, REMOTE, Unreachable, DriverOutcomeUnknown),
        (libvirt.VIR_ERR_SYSTEM_ERROR, QEMU, Unreachable, DriverOutcomeUnknown),
        (libvirt.VIR_ERR_INTERNAL_ERROR, RPC, Unreachable, DriverOutcomeUnknown),
        (libvirt.VIR_ERR_INTERNAL_ERROR, libvirt.VIR_FROM_NONE, Unreachable, DriverOutcomeUnknown),
    ],
)
def test_a_libvirt_error_becomes_the_ports_failure(
    code: int, domain: int, asking: type[Failure], changing: type[Failure]
) -> None:
    assert type(errors.failure(error(code, domain), sent=False)) is asking
    assert type(errors.failure(error(code, domain), sent=True)) is changing


@pytest.mark.parametrize(
    "full",
    [
        error(libvirt.VIR_ERR_INTERNAL_ERROR, QEMU, "cannot set up memory: Cannot allocate memory"),
        error(libvirt.VIR_ERR_SYSTEM_ERROR, STORAGE, "in any language", errno.ENOSPC),
        error(libvirt.VIR_ERR_SYSTEM_ERROR, QEMU, "in any language", errno.ENOMEM),
    ],
)
def test_a_host_that_is_full_has_no_capacity(full: libvirt.libvirtError) -> None:
    assert type(errors.failure(full, sent=True)) is NoCapacity


def test_an_error_without_a_code_says_nothing() -> None:
    nothing = libvirt.libvirtError("made here")
    assert nothing.get_error_code() is None
    assert type(errors.failure(nothing, sent=False)) is DriverUnavailable
    assert type(errors.failure(nothing, sent=True)) is DriverOutcomeUnknown


def test_an_error_keeps_its_reason_when_garbage_is_collected_just_then(
    eager_collection: None,
) -> None:
    """Freeing an object of libvirt is a call, and each call forgets the last error."""
    with machine.connected("test:///default") as host:
        with pytest.raises(libvirt.libvirtError) as caught:
            _look_amid_garbage(host)
        assert caught.value.get_error_code() is None
    with pytest.raises(Gone):
        Line("test:///default", writes=False).call(_look_amid_garbage, by=Deadline(5))


@pytest.fixture
def eager_collection() -> Iterator[None]:
    """Every object that Python makes has it collect garbage, once that is enabled."""
    before = gc.get_threshold()
    gc.disable()
    gc.set_threshold(1, 1, 1)
    yield
    gc.set_threshold(*before)
    gc.enable()


def _look_amid_garbage(host: Any) -> object:
    nobody = str(uuid4())
    garbage: list[object] = [host.listAllDomains()]
    garbage.append(garbage)
    del garbage
    gc.enable()
    try:
        return host.lookupByUUIDString(nobody)
    finally:
        gc.disable()


def test_a_port_that_was_taken_meanwhile_is_another_next_time() -> None:
    text = "'migrate-incoming': Failed to find an available port: Address already in use"
    taken = error(libvirt.VIR_ERR_INTERNAL_ERROR, QEMU, text)
    assert type(errors.failure(taken, sent=True)) is Busy


def test_only_a_broken_connection_is_dropped() -> None:
    assert errors.connection_is_lost(error(libvirt.VIR_ERR_SYSTEM_ERROR, RPC))
    assert errors.connection_is_lost(error(libvirt.VIR_ERR_INTERNAL_ERROR, RPC))
    assert not errors.connection_is_lost(error(libvirt.VIR_ERR_SYSTEM_ERROR, QEMU))
    assert not errors.connection_is_lost(error(libvirt.VIR_ERR_NO_DOMAIN, QEMU))


def test_a_text_keeps_its_password_to_itself() -> None:
    told = errors.failure(
        error(
            libvirt.VIR_ERR_NO_CONNECT, text="no driver for qemu+x://me:secret@h/system?k=secret"
        ),
        sent=False,
    )
    assert "secret" not in str(told)
    assert "//h/system" in str(told)


@pytest.mark.parametrize(
    "uri",
    ["qemu+tcp://me:secret@127.0.0.1:1/system", "nothing://me:secret@h/", "qemu+x://me:secret@h/"],
)
def test_a_host_that_cannot_be_reached_is_unreachable(uri: str) -> None:
    with pytest.raises(Unreachable) as caught:
        Line(uri, writes=True).call(_never, by=Deadline(5))
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None


def _never(connection: object) -> NoReturn:
    raise AssertionError("there is no connection")
