"""The relay is killed between a hypervisor's call and its confirmation, with a real QEMU."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self
from uuid import UUID, uuid4

import httpx
import pytest

from adapters.demo.machines import guest, libvirtd, machine
from adapters.demo.machines.machine import Machine
from adapters.hypervisors.kvm import Kvm
from adapters.leadership.address import Leadership
from tests.faults import region
from tests.faults.processes import Program, Serving, free_port, wait_until
from tests.faults.truth import Truth
from tests.kit.within_reach import guest_cache, reachable

KILLS = 20
SEED = random.randrange(2**32)
DIMM_MIB = 128


@pytest.fixture
def uri(pytestconfig: pytest.Config, tmp_path: Path) -> Iterator[str]:
    cache = guest_cache(pytestconfig) / "capabilities"
    with (
        reachable(tmp_path / "libvirtd") as place,
        libvirtd.running(place, cache=cache) as uri,
    ):
        yield uri


@pytest.fixture
def server(pytestconfig: pytest.Config, uri: str) -> Iterator[UUID]:
    """A guest that runs; whether it has booted does not matter: QEMU and libvirt are tested."""
    files = guest.build(guest_cache(pytestconfig) / "files")
    built = Machine(server=uuid4(), name="fault", slots=32, most_memory_mib=8192)
    machine.define(uri, built, files)
    yield built.server
    machine.remove(uri, built.server)


class Broken:
    """A region whose relay dies, and one server in it."""

    def __init__(self, database: str, uri: str, server: UUID, folder: Path) -> None:
        self.tokens = region.prepare(database)
        environ = region.environment(
            database,
            {"host-1": uri},
            ULLAGE_TOKEN=self.tokens.service,
            ULLAGE_LEASE_SECONDS="0.5",
        )
        self._leadership = Leadership(database)
        self.server = server
        self.serving = Serving(environ, folder)
        self.relay = Program("relay", environ, folder / "relay.log")
        self.hypervisor = Kvm(uri)
        self.member = {"authorization": f"Bearer {self.tokens.member}"}

    def __enter__(self) -> Self:
        self.serving.start()
        self.serving.until("leading")
        region.adopt(self.serving.api, [self.server], self.tokens.admin)
        return self

    def __exit__(self, *_: object) -> None:
        self.relay.stop()
        self.serving.stop()
        self.hypervisor.close()

    @contextmanager
    def leader_lost(self) -> Iterator[None]:
        """Relays look for the leader where nobody answers."""
        self._leadership.announce(f"http://127.0.0.1:{free_port()}")
        yield
        self._leadership.announce(self.serving.api)

    def allocated_mib(self) -> int:
        return self.hypervisor.inspect(self.server).allocated.memory_mib

    def ask(self, memory_mib: int) -> str:
        body = {"vcpus": 1, "memory_mib": memory_mib}
        path = f"/v1/servers/{self.server}/scale"
        answer = self.serving.client.post(path, json=body, headers=self.member)
        assert answer.status_code == httpx.codes.ACCEPTED, answer.text
        return str(answer.json()["operation"])

    def state(self, operation: str) -> str:
        path = f"/v1/operations/{operation}"
        return str(self.serving.client.get(path, headers=self.member).json()["state"])


@pytest.mark.takes(80)
@pytest.mark.xdist_group("two-hosts")
def test_no_memory_is_plugged_twice_when_the_relay_dies_before_it_confirms(
    database: str, uri: str, server: UUID, tmp_path: Path
) -> None:
    print(f"seed {SEED}")
    with Broken(database, uri, server, tmp_path) as broken:
        before = broken.allocated_mib()
        for kills in range(1, KILLS + 1):
            _kill_before_it_confirms(broken, before + kills * DIMM_MIB)
        assert broken.allocated_mib() == before + KILLS * DIMM_MIB
    truth = Truth(database)
    truth.check()
    assert len(truth.scales()) == KILLS


def _kill_before_it_confirms(broken: Broken, to_mib: int) -> None:
    """The relay finds nobody to report to: it has done its work and cannot tell."""
    operation = broken.ask(to_mib)
    with broken.leader_lost():
        broken.relay.start()
        wait_until(
            lambda: broken.allocated_mib() == to_mib, what="it is plugged", log=broken.relay.log
        )
        broken.relay.kill()
    assert broken.state(operation) == "open"
    broken.relay.start()
    wait_until(
        lambda: broken.state(operation) == "succeeded", what="confirmed", log=broken.relay.log
    )
    assert broken.allocated_mib() == to_mib
    broken.relay.stop()
