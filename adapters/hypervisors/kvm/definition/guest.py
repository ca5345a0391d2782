"""What a guest says about itself. It may lie or be silent, and nothing waits for it long."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import libvirt

from adapters.hypervisors.kvm.definition.reading import Reading
from domain.shared.size import GuestView

# The agent's own limit: without one, libvirt waits for ever for an agent that hangs.
_AGENT_SECONDS = 1
_AVAILABLE = "balloon.available"


def ask(connection: Any, now: Reading) -> GuestView:
    """Memory as its balloon driver last told, vCPUs as its agent tells."""
    domain = connection.lookupByUUIDString(str(now.live.server))
    stats = connection.domainListGetStats(
        [domain],
        libvirt.VIR_DOMAIN_STATS_BALLOON,
        libvirt.VIR_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT,
    )
    vcpus = _online(domain) if now.live.agent == "connected" else None
    return GuestView(vcpus=vcpus, memory_mib=_memory(stats[0][1]) if stats else None)


def ask_all(connection: Any) -> dict[UUID, GuestView]:
    """One call for the whole host. Agents are not asked: each may take a second."""
    everything = connection.getAllDomainStats(
        libvirt.VIR_DOMAIN_STATS_BALLOON, libvirt.VIR_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT
    )
    return {
        UUID(domain.UUIDString()): GuestView(memory_mib=_memory(stats))
        for domain, stats in everything
    }


def _memory(stats: dict[str, int]) -> int | None:
    return stats[_AVAILABLE] // 1024 if _AVAILABLE in stats else None


def _online(domain: Any) -> int | None:
    domain.agentSetResponseTimeout(_AGENT_SECONDS)
    answer = domain.guestVcpus()  # None, not an error, when the agent fails
    return _count(answer["online"]) if answer else None


def _count(ranges: str) -> int:
    """How many numbers ``0-2,5`` names."""
    ends = [part.split("-") for part in ranges.split(",")]
    return sum(int(end[-1]) - int(end[0]) + 1 for end in ends)
