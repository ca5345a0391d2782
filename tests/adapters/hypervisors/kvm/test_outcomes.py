"""What each call says when its host is away, and that a killed libvirtd leaves nothing undone."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import partial
from uuid import uuid4

import pytest

from adapters.demo.machines.libvirtd import Libvirtd
from adapters.hypervisors.driver import Build, Driver, Found
from adapters.hypervisors.failures import DriverOutcomeUnknown, DriverUnavailable, Failure, Gone
from adapters.hypervisors.kvm import Kvm
from domain.shared.size import Size
from tests.adapters.hypervisors.kvm.hosts import QemuHost
from tests.kit.region import until

pytestmark = [pytest.mark.xdist_group("guest"), pytest.mark.takes(5)]

WITHIN, TO = 10.0, Size(2, 384)
Call = Callable[[Driver, Build], object]

CALLS: dict[str, Call] = {
    "build": lambda driver, wanted: driver.build(wanted, within=WITHIN),
    "delete": lambda driver, wanted: driver.delete(wanted.server, within=WITHIN),
    "restart": lambda driver, wanted: driver.restart(
        wanted.server, operation=wanted.server, to=TO, within=WITHIN
    ),
    "start": lambda driver, wanted: driver.start(wanted.server, within=WITHIN),
    "stop": lambda driver, wanted: driver.stop(wanted.server, within=WITHIN),
    "migrate": lambda driver, wanted: driver.migrate(
        wanted.server, Kvm("qemu:///elsewhere"), operation=wanted.server, within=WITHIN
    ),
}


def wanted(host: QemuHost) -> Build:
    server = uuid4()
    return Build(
        server=server,
        name=str(server),
        size=Size(1, 256),
        ceiling=Size(4, 1024),
        template=host.template(),
    )


@pytest.mark.parametrize("name", CALLS)
def test_a_host_that_is_away_is_unavailable(qemu_host: QemuHost, name: str) -> None:
    away = Kvm(f"qemu:///session?socket=/nowhere/{uuid4()}")
    with pytest.raises(DriverUnavailable):
        CALLS[name](away, wanted(qemu_host))


@pytest.mark.parametrize("name", ["build", "restart", "delete"])
def test_a_daemon_killed_at_any_moment_loses_nothing(
    qemu_host: QemuHost, daemon: Libvirtd, name: str
) -> None:
    for after in (0.05, 0.4):
        asked = wanted(qemu_host)
        if name != "build":
            # The daemon that was killed before may still be missed by a connection.
            until(partial(ends, qemu_host.driver, remembered(qemu_host), asked), within=60)
        with ThreadPoolExecutor(1) as caller:
            call: Future[object] = caller.submit(CALLS[name], qemu_host.driver, asked)
            wait([call], timeout=after)
            daemon.kill()
            daemon.start()
            assert isinstance(call.exception(), Failure | None)
        until(partial(ends, qemu_host.driver, CALLS[name], asked), within=60)
        is_so(qemu_host, name, asked)


def remembered(host: QemuHost) -> Call:
    """Builds a server that goes with the test."""
    return lambda _, asked: host.build(asked)


def ends(driver: Driver, call: Call, asked: Build) -> bool:
    try:
        call(driver, asked)
    except (DriverUnavailable, DriverOutcomeUnknown):
        return False
    return True


def is_so(host: QemuHost, name: str, asked: Build) -> None:
    if name == "delete":
        with pytest.raises(Gone):
            inspected(host, asked)
        assert asked.name not in host._daemon.guests()
        return
    found = inspected(host, asked)
    assert (found.state, found.allocated) == ("running", TO if name == "restart" else asked.size)
    until(partial(ends, host.driver, CALLS["delete"], asked), within=60)


def inspected(host: QemuHost, asked: Build) -> Found:
    """When no connection misses the daemon that was killed any more."""
    found: list[Found] = []

    def inspect(driver: Driver, wanted: Build) -> None:
        found.append(driver.inspect(wanted.server))

    until(partial(ends, host.driver, inspect, asked), within=60)
    return found[0]
