"""Memory that shrinks as well as it grows."""

from __future__ import annotations

from uuid import uuid4

import pytest

from adapters.hypervisors.failures import DriverNeedsRestart, DriverRefused
from adapters.hypervisors.kvm import Kvm
from domain.shared.size import Size
from tests.adapters.hypervisors.kvm.conftest import Booted
from tests.adapters.hypervisors.kvm.hosts import QemuHost

pytestmark = pytest.mark.xdist_group("guest")


def test_a_guest_takes_memory_and_gives_it_back(booted_with_virtio_mem: Booted, qemu: Kvm) -> None:
    server, inside = booted_with_virtio_mem.server, booted_with_virtio_mem.inside
    had = inside.memory_mib()
    for mib in (768, 642, 512):
        answer = qemu.reconfigure(server, operation=uuid4(), to=Size(1, mib), within=20)
        assert answer.shortfall is None
        assert answer.found.allocated == Size(1, mib)
        assert inside.memory_mib() == had + mib - 512


def test_a_guest_that_does_not_follow_in_time_is_a_shortfall(qemu_host: QemuHost) -> None:
    server = qemu_host.make(virtio_mem_mib=1024)
    answer = qemu_host.driver.reconfigure(server, operation=uuid4(), to=Size(2, 768), within=2.5)
    assert answer.found.allocated == Size(2, 512)
    assert answer.shortfall is not None
    assert qemu_host.next_start(server).allocated_mib == 768


def test_a_virtio_mem_servers_limits_are_those_of_the_device(qemu_host: QemuHost) -> None:
    server = qemu_host.make(virtio_mem_mib=1024)
    envelope = qemu_host.driver.inspect(server).envelope
    assert envelope.memory_by == "virtio-mem"
    assert (envelope.floor.memory_mib, envelope.ceiling.memory_mib) == (512, 1536)
    for mib, refusal in (
        (1538, DriverNeedsRestart),
        (510, DriverNeedsRestart),
        (513, DriverRefused),
    ):
        with pytest.raises(refusal):
            qemu_host.driver.reconfigure(server, operation=uuid4(), to=Size(1, mib), within=5)
    assert qemu_host.driver.inspect(server).allocated == Size(1, 512)
