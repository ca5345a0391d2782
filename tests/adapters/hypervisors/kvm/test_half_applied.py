"""What an accident left half done is finished by asking again, and nothing is done twice."""

from __future__ import annotations

from uuid import uuid4

import libvirt
import pytest

from adapters.hypervisors.failures import DriverNeedsRestart, DriverRefused
from adapters.hypervisors.kvm.changes import steps
from adapters.hypervisors.kvm.definition import domain_xml
from domain.shared.size import Size
from tests.adapters.hypervisors.kvm.hosts import QemuHost, domain

pytestmark = pytest.mark.xdist_group("guest")

TO = Size(2, 768)


@pytest.mark.parametrize("side", [libvirt.VIR_DOMAIN_AFFECT_LIVE, libvirt.VIR_DOMAIN_AFFECT_CONFIG])
def test_memory_on_one_side_only_comes_to_both(qemu_host: QemuHost, side: int) -> None:
    server, operation = qemu_host.make(), uuid4()
    with domain(qemu_host.uri, server) as found:
        found.attachDeviceFlags(domain_xml.dimm(steps.alias_of(operation), 256), side)

    answer = qemu_host.driver.reconfigure(server, operation=operation, to=TO, within=10)

    assert (answer.found.allocated, answer.shortfall) == (TO, None)
    for definition in (qemu_host.runs(server), qemu_host.next_start(server)):
        assert definition.vcpus == 2
        assert [device.size_mib for device in definition.devices] == [256]


@pytest.mark.parametrize("side", [libvirt.VIR_DOMAIN_AFFECT_LIVE, libvirt.VIR_DOMAIN_AFFECT_CONFIG])
def test_vcpus_on_one_side_only_come_to_both(qemu_host: QemuHost, side: int) -> None:
    server = qemu_host.make()
    with domain(qemu_host.uri, server) as found:
        found.setVcpusFlags(2, side)
    qemu_host.driver.reconfigure(server, operation=uuid4(), to=Size(2, 512), within=10)
    assert (qemu_host.runs(server).vcpus, qemu_host.next_start(server).vcpus) == (2, 2)


def test_an_operation_never_plugs_a_second_dimm(qemu_host: QemuHost) -> None:
    server, operation = qemu_host.make(), uuid4()
    qemu_host.driver.reconfigure(server, operation=operation, to=TO, within=10)
    answer = qemu_host.driver.reconfigure(server, operation=operation, to=Size(2, 1024), within=10)
    assert answer.found.allocated == TO
    assert answer.shortfall is not None
    assert len(qemu_host.runs(server).devices) == 1


def test_memory_plugged_meanwhile_is_recognised_by_its_name(qemu_host: QemuHost) -> None:
    """As when two carry the same operation: libvirt refuses the second, and that is a yes."""
    server, operation = qemu_host.make(), uuid4()
    plug = steps.Plug(steps.alias_of(operation), 256, steps.LIVE | steps.CONFIG)
    with domain(qemu_host.uri, server) as found:
        plug.apply(found)
        with pytest.raises(libvirt.libvirtError) as caught:
            plug.apply(found)
    assert caught.value.get_error_code() == libvirt.VIR_ERR_CONFIG_UNSUPPORTED
    assert len(qemu_host.runs(server).devices) == 1


def test_a_dimm_that_would_poison_the_guest_is_refused(qemu_host: QemuHost) -> None:
    server = qemu_host.make()
    with pytest.raises(DriverRefused, match="512 or 640 MiB would fit, 612 does not"):
        qemu_host.driver.reconfigure(server, operation=uuid4(), to=Size(1, 612), within=10)
    assert qemu_host.runs(server).devices == ()


def test_a_server_without_a_slot_left_needs_a_restart(qemu_host: QemuHost) -> None:
    server = qemu_host.make(slots=1)
    qemu_host.driver.reconfigure(server, operation=uuid4(), to=Size(1, 640), within=10)
    found = qemu_host.driver.inspect(server)
    assert (found.envelope.memory_slots_left, found.envelope.ceiling.memory_mib) == (0, 640)
    with pytest.raises(DriverNeedsRestart, match="slot"):
        qemu_host.driver.reconfigure(server, operation=uuid4(), to=Size(1, 768), within=10)


def test_a_server_built_without_slots_keeps_its_memory(qemu_host: QemuHost) -> None:
    server = qemu_host.make(slots=0)
    assert qemu_host.driver.inspect(server).envelope.memory_by == "none"
    with pytest.raises(DriverNeedsRestart):
        qemu_host.driver.reconfigure(server, operation=uuid4(), to=Size(1, 768), within=10)
