"""QEMU hangs, the daemon dies: what we say then, and that asking again puts it right."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from typing import Any
from uuid import UUID, uuid4

import libvirt_qemu  # type: ignore[import-untyped]  # ships no types
import pytest

from adapters.demo.machines.libvirtd import Libvirtd
from adapters.hypervisors.driver import Reconfigured
from adapters.hypervisors.failures import Busy, DriverOutcomeUnknown, DriverUnavailable, Failure
from adapters.hypervisors.kvm.changes import steps
from domain.shared.size import Size
from tests.adapters.hypervisors.kvm.hosts import QemuHost, domain
from tests.kit.region import until

pytestmark = [pytest.mark.xdist_group("guest"), pytest.mark.takes(7)]

TO = Size(2, 768)


@contextmanager
def hanging(process: int) -> Iterator[None]:
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        with suppress(ProcessLookupError):  # it may have been killed meanwhile
            os.kill(process, signal.SIGCONT)


def converges(host: QemuHost, server: UUID, operation: UUID) -> None:
    """Whatever an earlier call left: asked again, it is there, once, on both sides."""

    def asked() -> bool:
        try:
            host.driver.reconfigure(server, operation=operation, to=TO, within=5)
        except DriverUnavailable:
            return False
        return True

    until(asked)
    assert host.driver.inspect(server).allocated == TO
    later = host.next_start(server)
    assert Size(later.vcpus, later.allocated_mib) == TO
    assert len(later.devices) == 1


def test_a_hung_server_holds_up_nobody_else(qemu_host: QemuHost) -> None:
    hung, other, operation = qemu_host.make(), qemu_host.make(), uuid4()
    with hanging(qemu_host.process(hung)):  # until the end: what waits for it never comes back
        with pytest.raises(DriverOutcomeUnknown):
            qemu_host.driver.reconfigure(hung, operation=operation, to=TO, within=1.5)
        assert {found.server for found in qemu_host.driver.inspect_all()} >= {hung, other}
        assert qemu_host.driver.inspect(hung).allocated == Size(1, 512)
        answer = qemu_host.driver.reconfigure(other, operation=uuid4(), to=TO, within=5)
        assert answer.found.allocated == TO
        with pytest.raises(Busy):
            qemu_host.driver.reconfigure(hung, operation=operation, to=TO, within=5)
    converges(qemu_host, hung, operation)


@pytest.mark.parametrize("time", [1, 2, 3])
def test_a_daemon_killed_in_a_call_leaves_nothing_that_asking_again_does_not_mend(
    qemu_host: QemuHost, daemon: Libvirtd, time: int
) -> None:
    server, operation = qemu_host.make(), uuid4()
    with ThreadPoolExecutor(1) as caller:
        with hanging(qemu_host.process(server)):
            call = caller.submit(
                qemu_host.driver.reconfigure, server, operation=operation, to=TO, within=10
            )
            until(lambda: is_held(qemu_host, server))
            daemon.kill()
            assert isinstance(call.exception(), DriverOutcomeUnknown)
        daemon.start()
    converges(qemu_host, server, operation)


def test_a_daemon_killed_at_any_moment_loses_nothing(qemu_host: QemuHost, daemon: Libvirtd) -> None:
    for after in (0.0, 0.004, 0.007, 0.01, 0.013):
        server, operation = qemu_host.make(), uuid4()
        with ThreadPoolExecutor(1) as caller:
            call: Future[Reconfigured] = caller.submit(
                qemu_host.driver.reconfigure, server, operation=operation, to=TO, within=10
            )
            wait([call], timeout=after)
            daemon.kill()
            assert isinstance(call.exception(), Failure | None)
            daemon.start()
        converges(qemu_host, server, operation)


def is_held(host: QemuHost, server: UUID) -> bool:
    """A command waits for this QEMU's answer."""
    with domain(host.uri, server) as found:
        state, _, _ = found.controlInfo()
    return bool(state != 0)


def test_memory_that_libvirt_lost_sight_of_is_not_given_twice(
    qemu_host: QemuHost, daemon: Libvirtd
) -> None:
    """Killed between QEMU's yes and its own note, libvirt has no DIMM, and QEMU has one."""
    server, operation = qemu_host.make(), uuid4()
    alias = steps.alias_of(operation)
    with domain(qemu_host.uri, server) as found:
        monitor(found, "object-add", **BACKEND, id=f"mem{alias}")
        monitor(found, "device_add", driver="pc-dimm", memdev=f"mem{alias}", id=alias, node=0)
    daemon.kill()
    daemon.start()
    assert qemu_host.runs(server).devices == ()

    answer = qemu_host.driver.reconfigure(server, operation=operation, to=TO, within=5)
    assert answer.found.allocated == TO
    assert "lost sight" in (answer.shortfall or "")
    with domain(qemu_host.uri, server) as found:
        assert len(monitor(found, "query-memory-devices")) == 1


def test_a_half_that_no_guest_sees_does_not_stop_the_memory(qemu_host: QemuHost) -> None:
    """Killed a moment sooner, it leaves a name taken in QEMU."""
    server, operation = qemu_host.make(), uuid4()
    with domain(qemu_host.uri, server) as found:
        monitor(found, "object-add", **BACKEND, id=f"mem{steps.alias_of(operation)}")
    converges(qemu_host, server, operation)
    answer = qemu_host.driver.reconfigure(server, operation=operation, to=TO, within=5)
    assert answer.shortfall is None
    with domain(qemu_host.uri, server) as found:
        assert len(monitor(found, "query-memory-devices")) == 1


BACKEND = {"qom-type": "memory-backend-ram", "size": 256 << 20}


def monitor(found: Any, command: str, **arguments: object) -> Any:
    """Past libvirt, to QEMU itself."""
    asked = json.dumps({"execute": command, "arguments": arguments})
    return json.loads(libvirt_qemu.qemuMonitorCommand(found, asked, 0))["return"]
