"""A server has its own copy of each volume of its template, and takes it along when it goes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from adapters.demo.machines import machine
from adapters.hypervisors.driver import Build
from adapters.hypervisors.failures import DriverRefused, Gone, NoCapacity
from adapters.hypervisors.kvm.changes import build, volumes
from domain.shared.size import Size
from tests.adapters.hypervisors.kvm.hosts import QemuHost, domain

pytestmark = pytest.mark.xdist_group("guest")

WITHIN = 20.0
IMAGE = b"an image of its own".ljust(512) * 40
DISK = """<disk type='volume' device='disk'><driver name='qemu' type='raw'/>
<source pool='{pool}' volume='image'/><target dev='vda' bus='virtio'/></disk></devices>"""


class Pool:
    """A folder that libvirt knows as a pool, with one volume that images are made of."""

    def __init__(self, host: QemuHost, folder: Path, name: str) -> None:
        self.folder, self.name, self._host = folder, name, host

    def wanted(self, *, memory_mib: int = 384, pool: str | None = None) -> Build:
        server = uuid4()
        disk = DISK.format(pool=pool or self.name)
        return Build(
            server=server,
            name=str(server),
            size=Size(1, memory_mib),
            ceiling=Size(2, memory_mib),
            template=self._host.template().replace("</devices>", disk),
        )

    def copy(self, server: UUID) -> Path:
        return self.folder / f"{server}-vda"

    @property
    def files(self) -> set[str]:
        return {path.name for path in self.folder.iterdir()}


@pytest.fixture
def pool(qemu_host: QemuHost, tmp_path: Path) -> Iterator[Pool]:
    name = f"pool-{uuid4()}"
    (tmp_path / "image").write_bytes(IMAGE)
    xml = f"<pool type='dir'><name>{name}</name><target><path>{tmp_path}</path></target></pool>"
    with machine.connected(qemu_host.uri) as host:
        made: Any = host.storagePoolDefineXML(xml)
        made.create()
        yield Pool(qemu_host, tmp_path, name)
        made.destroy()
        made.undefine()


def test_a_server_starts_from_a_copy_that_goes_with_it(qemu_host: QemuHost, pool: Pool) -> None:
    asked = pool.wanted()
    found = qemu_host.build(asked)
    assert found.state == "running"
    assert pool.copy(asked.server).read_bytes() == IMAGE
    with domain(qemu_host.uri, asked.server) as running:
        assert running.blockInfo("vda")[0] == len(IMAGE)
    qemu_host.driver.delete(asked.server, within=WITHIN)
    assert pool.files == {"image"}


def test_a_repeated_build_keeps_the_servers_disk(qemu_host: QemuHost, pool: Pool) -> None:
    asked = pool.wanted()
    qemu_host.build(asked)
    qemu_host.stop(asked.server)
    pool.copy(asked.server).write_bytes(b"its own work" * 2000)
    qemu_host.build(asked)
    assert pool.copy(asked.server).read_bytes().startswith(b"its own work")
    qemu_host.driver.delete(asked.server, within=WITHIN)


def test_a_copy_that_was_cut_off_is_made_again(qemu_host: QemuHost, pool: Pool) -> None:
    """Killed in the middle, libvirt leaves a volume that looks like any other."""
    asked = pool.wanted()
    qemu_host.build(asked)
    qemu_host.stop(asked.server)
    with domain(qemu_host.uri, asked.server) as found:
        build._put_mark(found, "building")
    pool.copy(asked.server).write_bytes(IMAGE[:100])
    assert qemu_host.build(asked).state == "running"
    assert pool.copy(asked.server).read_bytes() == IMAGE
    qemu_host.driver.delete(asked.server, within=WITHIN)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [({"memory_mib": 12_800_000}, NoCapacity), ({"pool": "nowhere"}, DriverRefused)],
)
def test_after_a_refusal_no_volume_is_left(
    qemu_host: QemuHost, pool: Pool, change: dict[str, Any], refusal: type[DriverRefused]
) -> None:
    asked = pool.wanted(**change)
    with pytest.raises(refusal):
        qemu_host.build(asked)
    assert pool.files == {"image"}
    with pytest.raises(Gone):
        qemu_host.driver.inspect(asked.server)


def test_volumes_of_other_names_are_not_ours(qemu_host: QemuHost, pool: Pool) -> None:
    xml = f"<domain>{DISK.format(pool=pool.name).replace('</devices>', '')}</domain>"
    text = xml.replace("<domain>", "<domain><devices>").replace("</domain>", "</devices></domain>")
    with machine.connected(qemu_host.uri) as host:
        volumes.remove(host, text, uuid4())
    assert pool.files == {"image"}
