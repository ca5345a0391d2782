"""The commands that the measurements ask: servers without number, scaled one vCPU at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from commands.adopt_server import AdoptServer
from commands.default_quota import SetDefaultQuota
from commands.end_scale import ConfirmScale
from commands.scale_server import ScaleServer
from domain.envelope import Envelope
from domain.size import GuestView, Size

MEMORY_MIB = 512
HOSTS = tuple(f"host{n:02}" for n in range(16))
ENVELOPE = Envelope(floor=Size(1, 128), ceiling=Size(4096, 1 << 20), memory_by="balloon")

# Limits are in force and checked, and never reached.
PLENTY = SetDefaultQuota(limits={"instances": 10**7, "cores": 10**9, "ram": 2**31 - 1})
LIMITS = PLENTY.limits


def adopt(servers: Iterable[UUID], projects: list[str]) -> Iterator[AdoptServer]:
    """One server after another, spread over the projects and over all hosts."""
    for n, server in enumerate(servers):
        yield AdoptServer(
            server=server,
            project=projects[n % len(projects)],
            name=f"server-{n}",
            host=HOSTS[n % len(HOSTS)],
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


def confirm(asked: Iterable[ScaleServer]) -> list[ConfirmScale]:
    return [
        ConfirmScale(
            server=one.server,
            operation=one.operation,
            size=one.to,
            guest=GuestView(),
            envelope=ENVELOPE,
        )
        for one in asked
    ]
