"""The commands that the measurements ask: servers without number, scaled one vCPU at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from commands.command import Command
from commands.operations.end_operation import ReportSeen
from commands.placement.enlist_host import EnlistHost
from commands.placement.read_host import ReadHost
from commands.quotas.set_default_quota import SetDefaultQuota
from commands.scaling.scale_server import ScaleServer
from commands.servers.adopt_server import AdoptServer
from domain.hosts.host import NONE
from domain.server import Seen, Step
from domain.shared.envelope import Envelope
from domain.shared.size import GuestView, Size

MEMORY_MIB = 512
HOSTS = tuple(f"host{n:02}" for n in range(16))
ENVELOPE = Envelope(floor=Size(1, 128), ceiling=Size(4096, 1 << 20), memory_by="balloon")

# Limits are in force and checked, and never reached.
PLENTY = SetDefaultQuota(limits={"instances": 10**7, "cores": 10**9, "ram": 2**31 - 1})
LIMITS = PLENTY.limits
ROOM = Size(10**8, 2**30)


def ready() -> Iterator[Command]:
    """What stands in the books before the first server: limits, and hosts with their room."""
    yield PLENTY
    for host in HOSTS:
        yield EnlistHost(host=host, used=NONE)
        yield ReadHost(host=host, capacity=ROOM, traits=(), hypervisor="bench")


def adopt(servers: Iterable[UUID], projects: list[str]) -> Iterator[AdoptServer]:
    """One server after another, spread over the projects and over all hosts."""
    for n, server in enumerate(servers):
        yield AdoptServer(
            server=server,
            project=projects[n % len(projects)],
            name=f"server-{n}",
            host=host_of(server),
            size=Size(1, MEMORY_MIB),
            envelope=ENVELOPE,
            guest=GuestView(),
            ceiling=Size(4096, 1 << 20),
        )


def scale(servers: Iterable[UUID], vcpus: int) -> list[ScaleServer]:
    deadline = datetime.now(UTC) + timedelta(hours=1)
    return [
        ScaleServer(server=s, to=Size(vcpus, MEMORY_MIB), operation=uuid4(), deadline=deadline)
        for s in servers
    ]


def confirm(asked: Iterable[ScaleServer]) -> list[ReportSeen]:
    return [
        ReportSeen(
            step=Step(server=one.server, operation=one.operation, ask="reconfigure"),
            seen=seen(host_of(one.server), one.to),
        )
        for one in asked
    ]


def seen(host: str, size: Size) -> Seen:
    return Seen(host=host, size=size, power="running", guest=GuestView(), envelope=ENVELOPE)


def host_of(server: UUID) -> str:
    return HOSTS[server.int % len(HOSTS)]
