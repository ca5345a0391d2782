"""A stopped server takes any size, up and down, and has exactly that when it starts."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from adapters.hypervisors.failures import DriverRefused
from adapters.hypervisors.kvm.definition import domain_xml, sizing
from domain.shared.size import Size
from tests.adapters.hypervisors.kvm.hosts import Host, QemuHost, domain

WITHIN = 20.0


def resize(host: Host, server: UUID, to: Size) -> None:
    answer = host.driver.reconfigure(server, operation=uuid4(), to=to, within=WITHIN)
    assert (answer.found.state, answer.found.allocated) == ("stopped", to)
    assert answer.shortfall is None


def next_size(host: Host, server: UUID) -> Size:
    later = host.next_start(server)
    return Size(later.vcpus, later.allocated_mib)


@pytest.mark.parametrize("to", [Size(2, 389), Size(6, 8192)])
def test_a_stopped_server_starts_with_the_size_asked_for(host: Host, to: Size) -> None:
    server = host.make()
    host.stop(server)
    resize(host, server, to)
    assert next_size(host, server) == to
    started = host.driver.start(server, within=WITHIN)
    assert (started.state, started.allocated) == ("running", to)
    host.stop(server)
    resize(host, server, Size(1, 512))
    assert host.driver.start(server, within=WITHIN).allocated == Size(1, 512)


def test_a_repeated_change_of_a_stopped_server_changes_nothing(host: Host) -> None:
    server = host.make()
    host.stop(server)
    resize(host, server, Size(2, 640))
    once = host.next_start(server)
    resize(host, server, Size(2, 640))
    assert host.next_start(server) == once


@pytest.mark.parametrize("to", [Size(0, 512), Size(1, 63)])
def test_a_stopped_server_is_not_given_less_than_a_guest_needs(host: Host, to: Size) -> None:
    server = host.make()
    host.stop(server)
    with pytest.raises(DriverRefused):
        host.driver.reconfigure(server, operation=uuid4(), to=to, within=WITHIN)
    assert next_size(host, server) == Size(1, 512)


@pytest.mark.xdist_group("guest")
@pytest.mark.parametrize("mib", [512, 640, 1024, 4096])
def test_dimms_of_earlier_growth_give_their_slots_back(qemu_host: QemuHost, mib: int) -> None:
    server = qemu_host.make()
    for more in (640, 896):
        qemu_host.driver.reconfigure(server, operation=uuid4(), to=Size(1, more), within=WITHIN)
    qemu_host.stop(server)
    resize(qemu_host, server, Size(1, mib))
    assert qemu_host.next_start(server).devices == ()
    started = qemu_host.driver.start(server, within=WITHIN)
    assert started.allocated == Size(1, mib)
    assert started.envelope.memory_slots_left == 16


@pytest.mark.xdist_group("guest")
def test_a_stopped_servers_maxima_are_never_lowered(qemu_host: QemuHost) -> None:
    server = qemu_host.make()
    qemu_host.stop(server)
    resize(qemu_host, server, Size(6, 8192))
    resize(qemu_host, server, Size(1, 512))
    started = qemu_host.driver.start(server, within=WITHIN)
    assert started.envelope.ceiling == Size(6, 8192 + 128)


@pytest.mark.xdist_group("guest")
@pytest.mark.parametrize(
    ("mib", "floor", "most"),
    [(768, 512, 1536), (384, 384, 1536), (385, 385, 1535), (2048, 1024, 2048), (1537, 513, 1537)],
)
def test_virtio_mem_of_a_stopped_server_is_changed_too(
    qemu_host: QemuHost, mib: int, floor: int, most: int
) -> None:
    server = qemu_host.make(virtio_mem_mib=1024)
    qemu_host.stop(server)
    resize(qemu_host, server, Size(1, mib))
    started = qemu_host.driver.start(server, within=WITHIN)
    assert started.envelope.floor.memory_mib == floor
    assert started.envelope.ceiling.memory_mib in {most, most - 1}
    assert next_size(qemu_host, server) == Size(1, mib)


@pytest.mark.xdist_group("guest")
def test_a_server_with_saved_memory_is_not_changed(qemu_host: QemuHost) -> None:
    server = qemu_host.make()
    with domain(qemu_host.uri, server) as found:
        found.managedSave()
    with pytest.raises(DriverRefused, match="saved"):
        qemu_host.driver.reconfigure(server, operation=uuid4(), to=Size(2, 768), within=WITHIN)
    assert next_size(qemu_host, server) == Size(1, 512)
    qemu_host.driver.delete(server, within=WITHIN)


CELLS = """
<domain type='kvm'><name>one</name><uuid>625f7e72-3eb7-4f73-b8a4-072609a92272</uuid>
<memory unit='KiB'>1048576</memory><currentMemory unit='KiB'>1048576</currentMemory>
<vcpu current='2'>4</vcpu><cpu><topology sockets='2' cores='2' threads='1'/><numa>
<cell id='0' cpus='0-1' memory='524288'/><cell id='1' cpus='2-3' memory='524288'/>
</numa></cpu><devices/></domain>"""


@pytest.mark.parametrize("to", [Size(5, 1024), Size(2, 2048)])
def test_a_stopped_server_is_not_resized_across_its_numa_cells(to: Size) -> None:
    with pytest.raises(DriverRefused, match="NUMA cells"):
        sizing.resized(CELLS, to)


def test_a_stopped_server_takes_vcpus_within_its_numa_cells() -> None:
    found = domain_xml.definition(sizing.resized(CELLS, Size(4, 1024)))
    assert (found.vcpus, found.vcpus_max) == (4, 4)


def test_a_stopped_server_takes_whole_sockets_of_vcpus() -> None:
    one = CELLS.replace("cpus='2-3'", "").replace("<cell id='1'  memory='524288'/>", "")
    found = sizing.resized(one, Size(5, 1024))
    assert domain_xml.definition(found).vcpus_max == 6
    assert 'sockets="3"' in found
    assert 'cpus="0-5"' in found
