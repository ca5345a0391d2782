"""What every libvirt host does alike, told apart only by what its envelope says."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from adapters.hypervisors.driver import Found, Reconfigured
from adapters.hypervisors.failures import DriverNeedsRestart, Gone
from domain.shared.size import Size
from tests.adapters.hypervisors.kvm.hosts import Host

WITHIN = 20.0


def asked(host: Host, server: UUID, to: Size, operation: UUID | None = None) -> Reconfigured:
    return host.driver.reconfigure(server, operation=operation or uuid4(), to=to, within=WITHIN)


def a_step_more(found: Found) -> Size:
    step = found.envelope.memory_step_mib
    return Size(found.allocated.vcpus + 1, found.allocated.memory_mib + step)


def test_a_server_is_read_as_it_was_made(host: Host) -> None:
    server = host.make()
    found = host.driver.inspect(server)
    assert found.server == server
    assert found.allocated == Size(1, 512)
    assert found.envelope.ceiling == Size(4, 4096)
    assert found.envelope.memory_by in {"dimm", "virtio-mem", "balloon"}


def test_reading_all_tells_what_reading_one_tells(host: Host) -> None:
    server = host.make()
    assert host.driver.inspect(server) in host.driver.inspect_all()


def test_an_unknown_server_is_gone(host: Host) -> None:
    with pytest.raises(Gone):
        host.driver.inspect(uuid4())
    with pytest.raises(Gone):
        asked(host, uuid4(), Size(2, 512))


def test_a_server_grows_now_and_for_its_next_start(host: Host) -> None:
    server = host.make()
    to = a_step_more(host.driver.inspect(server))
    answer = asked(host, server, to)
    assert answer.shortfall is None
    assert answer.found.allocated == host.driver.inspect(server).allocated == to
    later = host.next_start(server)
    assert Size(later.vcpus, later.allocated_mib) == to


def test_a_repeated_reconfigure_changes_nothing(host: Host) -> None:
    server, operation = host.make(), uuid4()
    to = a_step_more(host.driver.inspect(server))
    once = asked(host, server, to, operation)
    assert asked(host, server, to, operation) == once
    assert asked(host, server, to) == once


def test_a_server_shrinks_to_its_floor_and_no_further(host: Host) -> None:
    server = host.make()
    asked(host, server, a_step_more(host.driver.inspect(server)))
    floor = host.driver.inspect(server).envelope.floor
    assert asked(host, server, floor).found.allocated == floor
    with pytest.raises(DriverNeedsRestart):
        asked(host, server, Size(floor.vcpus - 1, floor.memory_mib))
    with pytest.raises(DriverNeedsRestart):
        asked(host, server, Size(floor.vcpus, floor.memory_mib - 1))


@pytest.mark.parametrize("more", [Size(1, 0), Size(0, 128)])
def test_a_server_does_not_grow_above_its_ceiling(host: Host, more: Size) -> None:
    server = host.make()
    before = host.driver.inspect(server)
    most = before.envelope.ceiling
    with pytest.raises(DriverNeedsRestart):
        asked(host, server, Size(most.vcpus + more.vcpus, most.memory_mib + more.memory_mib))
    assert host.driver.inspect(server) == before


def test_a_server_grows_to_its_ceiling(host: Host) -> None:
    server = host.make()
    most = host.driver.inspect(server).envelope.ceiling
    assert asked(host, server, most).found.allocated == most
