"""The region that the how-to guides speak of: a host, a project, two servers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from msgspec.structs import replace

from adapters.bootstrap.relaying import carrying
from adapters.demo.machines import machine
from adapters.hypervisors.registry import DriverRegistry
from tests.kit.region import OWN, Region, until

# Its machines live in the process that looks at them, until nobody is connected any more.
_URI = "test:///default"
_HOST = "kvm-1"
_DOMAIN = """
<domain type='test'>
  <name>{name}</name>
  <uuid>{id}</uuid>
  <memory unit='GiB'>4</memory>
  <currentMemory unit='GiB'>2</currentMemory>
  <vcpu current='2'>4</vcpu>
  <os><type>hvm</type></os>
</domain>
"""
_CEILING = {"vcpus": 8, "memory_mib": 8192}
# The test driver's host has 3 GiB, which is less than its own first machine.
_TERMS = {"ram_allocation_ratio": 16.0}


class Known(NamedTuple):
    """A server by the name and the id under which the pages speak of it."""

    name: str
    id: str


SERVERS = (
    Known("web-1", "5d2dcbe3-1c0f-4a52-9d0b-3f0b3f3f8a01"),
    Known("db-1", "5d2dcbe3-1c0f-4a52-9d0b-3f0b3f3f8a02"),
)


class OnLibvirt(Region):
    """Its host is libvirt's own test driver."""

    def drivers(self) -> DriverRegistry:
        """The same for all: each of them asks the same machines."""
        return DriverRegistry({_HOST: _URI})


@contextmanager
def described(dsn: str) -> Iterator[dict[str, str]]:
    """The environment of a reader whose region runs as the guides say."""
    with _machines():
        region = OnLibvirt(dsn).leading()
        try:
            relaying = replace(region.settings, token=region.tokens["service"])
            with carrying(relaying, region.process.hosts):
                _prepare(region)
                yield {
                    "ULLAGE_DSN": dsn,
                    "ULLAGE_API": region.url,
                    "ULLAGE_TOKEN": region.tokens["admin"],
                }
        finally:
            region.stop()


@contextmanager
def _machines() -> Iterator[None]:
    """Two more on the host, and what a page builds, gone with the page."""
    with machine.connected(_URI) as host:
        before = {domain.UUIDString() for domain in host.listAllDomains()}
        for server in SERVERS:
            host.defineXML(_DOMAIN.format_map(server._asdict())).create()
        try:
            yield
        finally:
            for domain in host.listAllDomains():
                if domain.UUIDString() not in before:
                    _remove(domain)


def _remove(domain: Any) -> None:
    if domain.isActive():
        domain.destroy()
    domain.undefine()


def _prepare(region: Region) -> None:
    until(lambda: all(host["capacity"] for host in region.get("/v1/hosts").json()))
    assert region.put(f"/v1/hosts/{_HOST}/terms", _TERMS).is_success
    for server in SERVERS:
        body = {"host": _HOST, "server": server.id, "project": OWN, "ceiling": _CEILING}
        assert region.post("/v1/adoptions", body).is_success
