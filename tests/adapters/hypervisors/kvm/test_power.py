"""Servers are started, stopped, restarted with another size, and removed; each of it twice."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from adapters.hypervisors.failures import (
    DriverOutcomeUnknown,
    DriverRefused,
    DriverUnavailable,
    Gone,
    NoCapacity,
)
from adapters.hypervisors.kvm import Kvm
from domain.shared.size import Size
from tests.adapters.hypervisors.kvm.conftest import Booted
from tests.adapters.hypervisors.kvm.hosts import Host, QemuHost, domain
from tests.adapters.hypervisors.kvm.test_accidents import hanging
from tests.kit.region import until

WITHIN = 20.0


def test_a_server_is_started_and_stopped_however_often_it_is_asked(host: Host) -> None:
    server = host.make()
    for _ in range(2):
        assert host.driver.stop(server, within=WITHIN).state == "stopped"
    for _ in range(2):
        assert host.driver.start(server, within=WITHIN).state == "running"
    assert host.driver.inspect(server).allocated == Size(1, 512)


def test_a_server_is_deleted_and_gone(host: Host) -> None:
    server = host.make()
    for _ in range(2):
        host.driver.delete(server, within=WITHIN)
    with pytest.raises(Gone):
        host.driver.inspect(server)
    with pytest.raises(Gone):
        host.driver.start(server, within=WITHIN)
    with pytest.raises(Gone):
        host.driver.stop(server, within=WITHIN)


def test_a_restart_gives_a_size_that_cannot_be_had_live(host: Host) -> None:
    server, operation = host.make(), uuid4()
    host.driver.start(server, within=WITHIN)
    host.driver.reconfigure(server, operation=uuid4(), to=Size(2, 1024), within=WITHIN)
    to = Size(6, 320)
    for _ in range(2):
        answer = host.driver.restart(server, operation=operation, to=to, within=6)
        assert answer.shortfall is None
        assert (answer.found.state, answer.found.allocated) == ("running", to)


def test_a_restart_that_was_cut_off_is_finished_by_asking_again(host: Host) -> None:
    server, operation = host.make(), uuid4()
    host.stop(server)
    answer = host.driver.restart(server, operation=operation, to=Size(2, 640), within=6)
    assert (answer.found.state, answer.found.allocated) == ("running", Size(2, 640))


def test_a_restart_to_an_impossible_size_does_not_stop_the_server(host: Host) -> None:
    server = host.make()
    host.driver.start(server, within=WITHIN)
    with pytest.raises(DriverRefused):
        host.driver.restart(server, operation=uuid4(), to=Size(1, 8), within=6)
    assert host.driver.inspect(server).state == "running"


@pytest.mark.xdist_group("guest")
def test_a_host_without_room_starts_it_as_it_was(qemu_host: QemuHost) -> None:
    server = qemu_host.make()
    qemu_host.driver.start(server, within=WITHIN)
    with pytest.raises(NoCapacity):
        qemu_host.driver.restart(server, operation=uuid4(), to=Size(1, 10_000_000), within=10)
    found = qemu_host.driver.inspect(server)
    assert (found.state, found.allocated) == ("running", Size(1, 512))
    assert qemu_host.next_start(server).allocated_mib == 512


@pytest.mark.xdist_group("guest")
def test_a_host_without_room_does_not_start_it(qemu_host: QemuHost) -> None:
    server = qemu_host.make()
    qemu_host.stop(server)
    to = Size(1, 10_000_000)
    qemu_host.driver.reconfigure(server, operation=uuid4(), to=to, within=WITHIN)
    with pytest.raises(NoCapacity):
        qemu_host.driver.start(server, within=WITHIN)
    assert qemu_host.driver.inspect(server).state == "stopped"


@pytest.mark.xdist_group("guest")
def test_a_stop_asks_the_guest_first(booted: Booted, qemu: Kvm, uri: str) -> None:
    """It hears its power button, and switches itself off long before its grace is over."""
    assert qemu.stop(booted.server, within=60).state == "stopped"
    with domain(uri, booted.server) as found:
        assert found.state() == [5, 1]  # shut off, by shutting down


@pytest.mark.xdist_group("guest")
def test_a_guest_that_does_not_listen_loses_its_power(booted: Booted, qemu: Kvm, uri: str) -> None:
    booted.inside.ask("killall acpid")
    assert qemu.stop(booted.server, within=6).state == "stopped"
    with domain(uri, booted.server) as found:
        assert found.state() == [5, 2]  # shut off, by destroying


@pytest.mark.xdist_group("guest")
def test_a_hung_server_can_be_removed(qemu_host: QemuHost) -> None:
    """Even past a call that it never answered. libvirt gives it ten seconds before it kills."""
    server = qemu_host.make()
    with hanging(qemu_host.process(server)):
        with pytest.raises(DriverOutcomeUnknown):
            qemu_host.driver.reconfigure(server, operation=uuid4(), to=Size(2, 768), within=1.5)
        with pytest.raises(DriverOutcomeUnknown):
            qemu_host.driver.delete(server, within=2)
        until(lambda: is_deleted(qemu_host, server), within=60)
    with pytest.raises(Gone):
        qemu_host.driver.inspect(server)


def is_deleted(host: QemuHost, server: UUID) -> bool:
    """libvirt answers no question about it while it waits for its end."""
    try:
        host.driver.delete(server, within=30)
    except (DriverOutcomeUnknown, DriverUnavailable):
        return False
    return True


@pytest.mark.xdist_group("guest")
def test_a_server_without_a_definition_is_not_stopped(qemu_host: QemuHost) -> None:
    server = qemu_host.make()
    with domain(qemu_host.uri, server) as found:
        found.undefine()
    with pytest.raises(DriverRefused, match="not defined"):
        qemu_host.driver.stop(server, within=WITHIN)
    assert qemu_host.driver.inspect(server).state == "paused"
    qemu_host.driver.delete(server, within=WITHIN)
    with pytest.raises(Gone):
        qemu_host.driver.inspect(server)
