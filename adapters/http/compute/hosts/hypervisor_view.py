"""A hypervisor host as the Compute API shows it, in each microversion."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid5

from adapters.http.compute.gateway.microversions import V
from domain.hosts.host import NONE, Host
from projections.catalogue import CatalogueRow
from projections.servers import ServerRow

HostRow = CatalogueRow[Host]

# Nova numbers its hosts; ours have names, of which their ids are made, the same in every process.
_NAMES = UUID("5f2f3f0a-6c0e-4b7e-9d3c-8d1c2f6f3b11")
_WHOLE = 2**31 - 1
_DISKS = {"local_gb": 0, "local_gb_used": 0, "free_disk_gb": 0, "disk_available_least": 0}


def uuid_of(host: str) -> str:
    return str(uuid5(_NAMES, host))


def number_of(host: str) -> int:
    """What goes for an id below 2.53."""
    return uuid5(_NAMES, host).int % _WHOLE


def basic(row: HostRow, at: V, servers: list[ServerRow] | None = None) -> dict[str, Any]:
    """``servers``: those on it, where they are to be shown; below 2.75 only if there are any."""
    shown: dict[str, Any] = {
        "id": _id(row, at),
        "hypervisor_hostname": row.id,
        # It is up once it has told what it has.
        "state": "up" if row.state.capacity else "down",
        "status": "enabled" if row.state.terms.enabled else "disabled",
    }
    if servers or (servers is not None and at >= V(2, 75)):
        shown["servers"] = [{"name": one.state.name, "uuid": str(one.id)} for one in servers]
    return shown


def whole(
    row: HostRow, at: V, running: int, servers: list[ServerRow] | None = None
) -> dict[str, Any]:
    """``running``: how many servers are on it."""
    kind, version = _hypervisor(row.state.hypervisor)
    shown = basic(row, at, servers) | {
        "hypervisor_type": kind,
        "hypervisor_version": version,
        "host_ip": None,
        "service": {"id": _id(row, at), "host": row.id, "disabled_reason": None},
    }
    if at >= V(2, 88):
        return shown | {"uptime": None}
    return shown | counted(row.state, running) | {"cpu_info": {} if at >= V(2, 28) else ""}


def counted(host: Host, running: int) -> dict[str, int]:
    """What it has and what is taken of it, memory in MiB, with what is kept for the host itself.
    Of disks nothing is known."""
    has = host.capacity or NONE
    used = host.used.memory_mib + (host.terms.reserved_host_memory_mb if host.capacity else 0)
    return _DISKS | {
        "vcpus": has.vcpus,
        "vcpus_used": host.used.vcpus,
        "memory_mb": has.memory_mib,
        "memory_mb_used": used,
        "free_ram_mb": has.memory_mib - used,
        "current_workload": 0,
        "running_vms": running,
    }


def statistics(hosts: list[tuple[Host, int]]) -> dict[str, int]:
    """The sums over all enabled ones, each with how many servers are on it."""
    sums = dict.fromkeys(counted(Host(), 0), 0)
    counting = [(host, running) for host, running in hosts if host.terms.enabled]
    for host, running in counting:
        for name, value in counted(host, running).items():
            sums[name] += value
    return {"count": len(counting)} | sums


def _id(row: HostRow, at: V) -> str | int:
    return uuid_of(row.id) if at >= V(2, 53) else number_of(row.id)


def _hypervisor(told: str) -> tuple[str, int]:
    """``QEMU 7.2.7`` is QEMU, 7002007."""
    kind, _, version = told.partition(" ")
    numbers = [int(part) for part in re.findall(r"[0-9]{1,6}", version)[:3]]
    major, minor, release = (*numbers, 0, 0, 0)[:3]
    return kind, major * 1_000_000 + minor * 1_000 + release
