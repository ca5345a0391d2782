"""A server is made of its image's template, with room to grow built in."""

from __future__ import annotations

from uuid import uuid4
from xml.etree import ElementTree as ET

import libvirt
import pytest
from msgspec.structs import replace

from adapters.demo.machines import machine
from adapters.demo.machines.guest import GuestFiles
from adapters.demo.machines.libvirtd import Libvirtd
from adapters.hypervisors.driver import Build
from adapters.hypervisors.failures import DriverRefused, Gone, NoCapacity
from adapters.hypervisors.kvm import Kvm
from adapters.hypervisors.kvm.definition import template
from domain.shared.envelope import MemoryBy
from domain.shared.size import Size
from tests.adapters.hypervisors.kvm.hosts import Host, QemuHost, domain

WITHIN = 20.0
SMALL, MOST = Size(1, 384), Size(4, 2048)


def wanted(
    host: Host,
    *,
    size: Size = SMALL,
    ceiling: Size = MOST,
    memory_by: MemoryBy = "dimm",
    text: str | None = None,
) -> Build:
    server = uuid4()
    return Build(
        server=server,
        name=f"vm-{server}",
        size=size,
        ceiling=ceiling,
        template=host.template() if text is None else text,
        memory_by=memory_by,
    )


def test_a_server_is_built_once_and_runs(host: Host) -> None:
    asked = wanted(host)
    found = host.driver.build(asked, within=WITHIN)
    assert (found.server, found.state) == (asked.server, "running")
    assert found.name == f"ullage-{asked.server}"
    assert (found.allocated, found.envelope.ceiling) == (asked.size, asked.ceiling)
    again = host.driver.build(asked, within=WITHIN)
    assert (again.state, again.allocated) == ("running", asked.size)
    host.driver.delete(asked.server, within=WITHIN)


def test_a_crash_before_its_start_is_mended_by_asking_again(host: Host) -> None:
    asked = wanted(host)
    host.driver.build(asked, within=WITHIN)
    host.stop(asked.server)
    assert host.driver.build(asked, within=WITHIN).state == "running"
    host.driver.delete(asked.server, within=WITHIN)


def test_a_built_server_grows_to_its_ceiling_without_a_restart(host: Host) -> None:
    asked = wanted(host)
    host.driver.build(asked, within=WITHIN)
    answer = host.driver.reconfigure(
        asked.server, operation=uuid4(), to=asked.ceiling, within=WITHIN
    )
    assert (answer.found.allocated, answer.shortfall) == (asked.ceiling, None)
    host.driver.delete(asked.server, within=WITHIN)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"size": Size(5, 384)}, "ceiling"),
        ({"size": Size(1, 4096)}, "ceiling"),
        ({"size": Size(0, 384)}, "vCPU"),
        ({"size": Size(1, 32)}, "32 MiB"),
        ({"text": "<domain"}, "not XML"),
        ({"text": "<network/>"}, "<network>"),
        ({"text": "<!DOCTYPE domain []><domain/>"}, "document type"),
        ({"text": "<domain type='test'/>"}, "os"),
    ],
)
def test_a_failed_build_leaves_nothing(host: Host, change: dict[str, object], why: str) -> None:
    asked = wanted(host, **change)  # type: ignore[arg-type]  # each its own kind
    with pytest.raises(DriverRefused, match=why):
        host.driver.build(asked, within=WITHIN)
    with pytest.raises(Gone):
        host.driver.inspect(asked.server)


@pytest.mark.parametrize(
    ("memory_by", "mib", "why"),
    [
        ("dimm", 400, "384 or 512 MiB would fit, 400 does not"),
        ("virtio-mem", 385, "384 or 386 MiB would fit"),
        ("balloon", 384, "not by its balloon"),
    ],
)
def test_memory_that_a_guest_cannot_take_is_refused(
    memory_by: MemoryBy, mib: int, why: str
) -> None:
    asked = Build(
        server=uuid4(),
        name="one",
        size=Size(1, mib),
        ceiling=Size(1, 1024),
        template="<domain type='kvm'/>",
        memory_by=memory_by,
    )
    with pytest.raises(DriverRefused, match=why):
        template.defined(asked)


def test_nothing_that_must_be_its_own_is_taken_from_the_template() -> None:
    text = """
    <domain type='kvm'><name>image</name><uuid>625f7e72-3eb7-4f73-b8a4-072609a92272</uuid>
    <memory unit='GiB'>64</memory><vcpu>32</vcpu>
    <os><type machine='q35'>hvm</type><nvram template='/t'>/var/lib/nvram</nvram></os>
    <cpu mode='host-model'><topology sockets='1' cores='2' threads='1'/>
    <numa><cell id='0' cpus='0-31' memory='1'/></numa></cpu>
    <devices><interface type='network'><mac address='52:54:00:00:00:01'/></interface></devices>
    </domain>"""
    asked = Build(
        server=uuid4(),
        name="one",
        size=Size(1, 512),
        ceiling=Size(3, 1000),
        template=text,
        memory_by="virtio-mem",
    )
    root = ET.fromstring(template.defined(asked))  # noqa: S314 (our own)
    assert root.findtext("uuid") == str(asked.server)
    assert root.findtext("./os/nvram") in (None, "")
    assert root.find("./devices/interface/mac") is None
    assert [cell.attrib for cell in root.iter("cell")] == [
        {"id": "0", "cpus": "0-3", "memory": str(512 * 1024), "unit": "KiB"}
    ]
    assert root.find("./devices/controller[@model='pcie-root-port']") is not None
    assert [v.get("hotpluggable") for v in root.iter("vcpu")] == [None, "no", "yes", "yes", "yes"]


@pytest.mark.xdist_group("guest")
def test_a_build_without_room_leaves_nothing_on_the_host(qemu_host: QemuHost) -> None:
    asked = wanted(qemu_host, size=Size(1, 12_800_000), ceiling=Size(2, 12_800_000))
    with pytest.raises(NoCapacity):
        qemu_host.driver.build(asked, within=WITHIN)
    with pytest.raises(Gone):
        qemu_host.driver.inspect(asked.server)


@pytest.mark.xdist_group("guest")
def test_two_servers_may_have_one_name(qemu_host: QemuHost) -> None:
    first = wanted(qemu_host)
    second = replace(wanted(qemu_host), name=first.name)
    for one in (first, second):
        assert qemu_host.build(one).state == "running"


@pytest.mark.xdist_group("guest")
@pytest.mark.parametrize("memory_by", ["dimm", "virtio-mem"])
def test_a_built_guest_has_what_it_was_promised(
    daemon: Libvirtd, files: GuestFiles, qemu: Kvm, memory_by: MemoryBy
) -> None:
    server, to = uuid4(), Size(3, 896)
    asked = Build(
        server=server,
        name=str(server),
        size=SMALL,
        ceiling=to,
        template=machine.template(files, agent=True),
        memory_by=memory_by,
    )
    assert qemu.build(asked, within=WITHIN).envelope.memory_by == memory_by
    with machine.console(daemon.uri, server) as inside:
        inside.wait_until_ready()
        had = inside.memory_mib()
        answer = qemu.reconfigure(server, operation=uuid4(), to=to, within=WITHIN)
        assert answer.shortfall is None
        assert inside.wait_for(lambda i: (i.vcpus(), i.memory_mib()) == (3, had + 512))
    qemu.delete(server, within=WITHIN)


@pytest.mark.xdist_group("guest")
def test_a_built_servers_metadata_is_marked_when_it_has_run(qemu_host: QemuHost) -> None:
    asked = wanted(qemu_host)
    qemu_host.build(asked)
    with domain(qemu_host.uri, asked.server) as found:
        text = found.metadata(libvirt.VIR_DOMAIN_METADATA_ELEMENT, template.NAMESPACE)
    assert "built" in text
