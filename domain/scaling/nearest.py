"""How far towards another size each limit lets a server go while it runs, or is stopped."""

from __future__ import annotations

from domain.hosts.view import HostsView
from domain.quota import QuotaPath
from domain.server import Server, scaling
from domain.shared.size import Size


def within_limits(server: Server, to: Size, quota: QuotaPath, hosts: HostsView) -> Size:
    """The size nearest to ``to`` within ceiling, quota, the room on its host and, while it runs,
    its envelope; between what it has and ``to`` in each dimension.

    A dimension in which nothing can be reached stays as it is.
    """
    wanted = _enveloped(server, to.min_with(_most(server, to, quota, hosts)))
    kept = scaling.fixed(server, to)
    return Size(
        server.size.vcpus if "vcpus" in kept else wanted.vcpus,
        server.size.memory_mib if "memory" in kept else wanted.memory_mib,
    )


def _most(server: Server, to: Size, quota: QuotaPath, hosts: HostsView) -> Size:
    """Never less than it has: nothing of this stands against what is there."""
    has = server.size
    more = Size(to.vcpus - has.vcpus, to.memory_mib - has.memory_mib)
    lacking = hosts.host(server.host).lacks(more)
    room = Size(to.vcpus - lacking.vcpus, to.memory_mib - lacking.memory_mib)
    most = room.min_with(_affordable(server, to, quota)).min_with(server.ceiling or has)
    return most.max_with(has)


def _affordable(server: Server, to: Size, quota: QuotaPath) -> Size:
    if not server.counted:
        return to
    cores, ram = quota.left("cores"), quota.left("ram")
    return Size(
        to.vcpus if cores is None else server.size.vcpus + cores,
        to.memory_mib if ram is None else server.size.memory_mib + ram,
    )


def _enveloped(server: Server, to: Size) -> Size:
    """Within what can be reached while it runs; memory in whole steps from what it has."""
    if server.power == "stopped":
        return to
    has, floor, ceiling = server.size, server.envelope.floor, server.envelope.ceiling
    memory = _reached(has.memory_mib, to.memory_mib, floor.memory_mib, ceiling.memory_mib)
    return Size(
        _reached(has.vcpus, to.vcpus, floor.vcpus, ceiling.vcpus),
        scaling.aligned(server, memory),
    )


def _reached(has: int, to: int, floor: int, ceiling: int) -> int:
    return max(has, min(to, ceiling)) if to > has else min(has, max(to, floor))
