"""What changes at a host is heard, whoever changes it, also after the host was lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from threading import Event
from typing import Any
from uuid import UUID, uuid4

import pytest

from adapters.demo.machines.libvirtd import Libvirtd
from adapters.hypervisors.driver import Driver
from adapters.hypervisors.failures import DriverUnavailable
from adapters.hypervisors.kvm import Kvm
from adapters.hypervisors.kvm.definition import domain_xml
from tests.adapters.hypervisors.kvm.conftest import Booted
from tests.adapters.hypervisors.kvm.hosts import Host, QemuHost, domain
from tests.kit.region import until

WITHIN = 20.0


class Heard:
    """Collects what is told."""

    def __init__(self) -> None:
        self.servers: list[UUID] = []

    def __call__(self, server: UUID) -> None:
        self.servers.append(server)

    def more_than(self, server: UUID, told: int) -> bool:
        return self.of(server) > told

    def of(self, server: UUID) -> int:
        return self.servers.count(server)


@contextmanager
def listening(driver: Driver) -> Iterator[Heard]:
    heard = Heard()
    stop = driver.watch(heard)
    yield heard
    stop()


def test_a_change_of_power_is_heard(host: Host) -> None:
    server = host.make()
    with listening(host.driver) as heard:
        host.stop(server)
        until(lambda: heard.of(server) > 0)
        told = heard.of(server)
        host.driver.start(server, within=WITHIN)
        until(lambda: heard.of(server) > told)
    assert set(heard.servers) == {server}


def test_a_stopped_watch_hears_nothing(host: Host) -> None:
    server, other = host.make(), host.make()
    with listening(host.driver) as deaf:
        pass
    with listening(host.driver) as heard:
        host.stop(server)
        host.stop(other)
        until(lambda: heard.of(other) > 0)
    assert deaf.servers == []


def test_a_watch_may_be_stopped_from_its_callback(host: Host) -> None:
    server, told = host.make(), Event()
    stops: list[Callable[[], None]] = []

    def changed(_server: UUID) -> None:
        stops[0]()
        told.set()

    stops.append(host.driver.watch(changed))
    host.stop(server)
    assert told.wait(WITHIN)


def test_a_failing_or_hanging_watcher_hears_the_next_event(host: Host) -> None:
    """And others hear meanwhile: libvirt's own thread waits for nobody."""
    first, second, release = host.make(), host.make(), Event()
    slow: list[UUID] = []

    def changed(server: UUID) -> None:
        slow.append(server)
        assert release.wait(WITHIN)
        raise ValueError("its own matter")

    stop = host.driver.watch(changed)
    with listening(host.driver) as heard:
        host.stop(first)
        until(lambda: slow == [first])
        host.stop(second)
        until(lambda: heard.of(second) > 0)
    release.set()
    until(lambda: second in slow)
    stop()


def test_a_host_that_does_not_answer_cannot_be_watched() -> None:
    before = set(threading.enumerate())
    with pytest.raises(DriverUnavailable):
        Kvm(f"qemu:///session?socket=/nowhere/{uuid4()}").watch(lambda _: None)
    until(lambda: not {t for t in set(threading.enumerate()) - before if "watch" in t.name})


@pytest.mark.xdist_group("guest")
def test_a_change_of_memory_is_heard(booted: Booted, qemu: Kvm, uri: str) -> None:
    changes: list[Callable[[Any], object]] = [
        lambda found: found.attachDeviceFlags(domain_xml.dimm("ua-other", 128), 1),
        lambda found: found.detachDeviceAlias("ua-other", 1),
        lambda found: found.setMemoryFlags(400 << 10, 1),
    ]
    with listening(qemu) as heard, domain(uri, booted.server) as found:
        for change in changes:
            told = heard.of(booted.server)
            change(found)
            until(partial(heard.more_than, booted.server, told))


@pytest.mark.xdist_group("guest")
def test_a_change_of_virtio_mem_is_heard(
    booted_with_virtio_mem: Booted, qemu: Kvm, uri: str
) -> None:
    server = booted_with_virtio_mem.server
    with domain(uri, server) as found:
        device = domain_xml.definition(found.XMLDesc()).virtio_mem
        assert device is not None
        with listening(qemu) as heard:
            found.updateDeviceFlags(domain_xml.with_requested(device, 256), 1)
            until(lambda: heard.of(server) > 0)


@pytest.mark.xdist_group("guest")
def test_a_host_is_heard_again_after_a_lost_connection(
    qemu_host: QemuHost, daemon: Libvirtd
) -> None:
    server, other = qemu_host.make(), qemu_host.make()
    with listening(qemu_host.driver) as heard:
        daemon.kill()
        daemon.start()
        # Something may have happened meanwhile, so every server is told of.
        until(lambda: {server, other} <= set(heard.servers))
        told = heard.of(server)
        qemu_host.stop(server)
        until(lambda: heard.of(server) > told)
