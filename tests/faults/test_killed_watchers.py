"""The relay that watches a host is killed; another goes on, and what happened meanwhile is seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import libvirt
import pytest

from adapters.demo.machines import guest, libvirtd, machine
from adapters.demo.machines.machine import Machine
from tests.adapters.hypervisors.kvm.hosts import domain
from tests.faults import region
from tests.faults.processes import Program, Serving, wait_until
from tests.kit.within_reach import guest_cache, reachable

BOTH = libvirt.VIR_DOMAIN_AFFECT_LIVE | libvirt.VIR_DOMAIN_AFFECT_CONFIG
_DIMM = """
<memory model='dimm'>
  <alias name='ua-somebody-{number}'/><target><size unit='MiB'>128</size><node>0</node></target>
</memory>
"""


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
    """A guest that is powered on and does not boot: QEMU and libvirt are what is tested."""
    files = guest.build(guest_cache(pytestconfig) / "files")
    built = Machine(server=uuid4(), name="watched")
    machine.define(uri, built, files, paused=True)
    yield built.server
    machine.remove(uri, built.server)


class Watched:
    """A region with two relays, of which one watches the host."""

    def __init__(self, database: str, uri: str, server: UUID, folder: Path) -> None:
        self.uri = uri
        self.server = server
        self.tokens = region.prepare(database)
        environ = region.environment(
            database,
            {"host-1": uri},
            ULLAGE_TOKEN=self.tokens.service,
            ULLAGE_LOG_FORMAT="text",
            ULLAGE_SWEEP_SECONDS="3600",  # so that no sweep but a relay's first one sees anything
        )
        self.serving = Serving(environ, folder)
        self.relays = [Program("relay", environ, folder / f"relay-{n}.log") for n in (1, 2)]

    def get(self, path: str) -> Any:
        admin = {"authorization": f"Bearer {self.tokens.admin}"}
        return self.serving.client.get(path, headers=admin).json()

    def seen_mib(self) -> int | None:
        seen = [one["seen"]["size"]["memory_mib"] for one in self.get("/v1/drift")]
        return seen[0] if seen else None

    def until(self, so: Callable[[], object], what: str, within: float = 60.0) -> float:
        return wait_until(so, what=what, log=self.relays[0].log, within=within)

    def plug(self, number: int) -> None:
        """With virsh, say."""
        with domain(self.uri, self.server) as found:
            found.attachDeviceFlags(_DIMM.format(number=number), BOTH)


@pytest.fixture
def watched(database: str, uri: str, server: UUID, tmp_path: Path) -> Iterator[Watched]:
    made = Watched(database, uri, server, tmp_path)
    made.serving.start()
    made.serving.until("leading")
    region.adopt(made.serving.api, [server], made.tokens.admin)
    try:
        yield made
    finally:
        for one in (*made.relays, made.serving):
            one.stop()


@pytest.mark.xdist_group("two-hosts")
def test_drift_is_seen_within_seconds_by_another_watcher_when_one_is_killed(
    watched: Watched,
) -> None:
    first, second = watched.relays
    first.start()
    watched.until(lambda: watched.get("/v1/hosts/host-1")["capacity"], "it has swept")
    watched.plug(1)
    watched.until(lambda: watched.seen_mib() == 640, "seen by its event")
    second.start()
    first.kill()
    watched.plug(2)  # while nobody listens
    took = watched.until(lambda: watched.seen_mib() == 768, "seen by the other")
    print(f"seen by the other after {took:.1f} s")
    usage = watched.get("/v1/projects/demo/limits")["resources"]
    assert usage["ram"]["used"] == 768
    watched.plug(3)
    watched.until(lambda: watched.seen_mib() == 896, "seen by its event")


@pytest.mark.xdist_group("two-hosts")
def test_a_start_past_us_reads_the_limits_anew(watched: Watched) -> None:
    watched.relays[0].start()
    watched.until(lambda: watched.get("/v1/hosts/host-1")["capacity"], "it has swept")

    def shown() -> Any:
        return watched.get(f"/v1/servers/{watched.server}")

    with domain(watched.uri, watched.server) as found:
        found.destroy()
        watched.until(lambda: shown()["power"] == "stopped", "stopped")
        narrower = found.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE).replace(
            "<maxMemory slots='16' unit='KiB'>4194304<", "<maxMemory slots='16' unit='KiB'>2097152<"
        )
        found.connect().defineXML(narrower)
        found.createWithFlags(libvirt.VIR_DOMAIN_START_PAUSED)
    watched.until(lambda: shown()["power"] == "paused", "started")
    assert shown()["envelope"]["ceiling"]["memory_mib"] == 2048
    assert watched.get("/v1/drift") == []
