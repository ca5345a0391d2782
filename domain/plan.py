"""What a scale would take, told before anything happens."""

from __future__ import annotations

from typing import Literal

import msgspec

from domain.envelope import MemoryBy
from domain.errors import NeedsRestart, QuotaExceeded, Refused
from domain.quota import ProjectQuota
from domain.resources import Amounts, held, minus, plus
from domain.server import Server
from domain.size import Size

Mode = Literal["live", "restart", "impossible"]
Undo = Literal["yes", "best-effort", "no"]


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One change at the hypervisor, in the order in which it is made."""

    what: Literal["memory", "vcpus"]
    was: int
    to: int
    by: str
    undo: Undo


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """``nearest`` is the size nearest to the one asked for that would be accepted now."""

    mode: Mode
    was: Size
    to: Size
    steps: list[Step]
    obstacles: list[Refused]
    used: Amounts
    used_after: Amounts
    limits: Amounts
    nearest: Size


def plan(server: Server, quota: ProjectQuota, *, defaults: Amounts, to: Size) -> Plan:
    """Answer from what is recorded; no hypervisor is asked."""
    obstacles = list(server.obstacles(to))
    if short := quota.shortages(server.growth(to), defaults):
        obstacles.append(QuotaExceeded(project=server.project, shortages=short))
    limits = {name: quota.limit(name, defaults) for name in held(to)}
    return Plan(
        mode=_mode(obstacles),
        was=server.size,
        to=to,
        steps=_steps(server, to),
        obstacles=obstacles,
        used=quota.used,
        used_after=plus(quota.used, minus(held(to), server.claimed())),
        limits=limits,
        nearest=affordable(server, quota, defaults=defaults, to=to),
    )


def affordable(server: Server, quota: ProjectQuota, *, defaults: Amounts, to: Size) -> Size:
    """The size nearest to ``to`` that envelope, ceiling and quota all allow."""
    cores, ram = quota.left("cores", defaults), quota.left("ram", defaults)
    most = Size(
        to.vcpus if cores is None else server.size.vcpus + cores,
        to.memory_mib if ram is None else server.size.memory_mib + ram,
    )
    return server.nearest(to, most)


def _mode(obstacles: list[Refused]) -> Mode:
    if not obstacles:
        return "live"
    only_restart = all(isinstance(o, NeedsRestart) for o in obstacles)
    return "restart" if only_restart else "impossible"


def _steps(server: Server, to: Size) -> list[Step]:
    """Memory first: an undone memory step is cheaper than a lost CPU."""
    was, envelope = server.size, server.envelope
    memory = Step(
        what="memory",
        was=was.memory_mib,
        to=to.memory_mib,
        by=envelope.memory_by,
        undo=_undo(envelope.memory_by, grows=to.memory_mib > was.memory_mib),
    )
    vcpus = Step(
        what="vcpus",
        was=was.vcpus,
        to=to.vcpus,
        by="hotplug",
        undo="yes" if to.vcpus < was.vcpus or envelope.floor.vcpus < was.vcpus else "no",
    )
    return [step for step in (memory, vcpus) if step.was != step.to]


def _undo(by: MemoryBy, *, grows: bool) -> Undo:
    """A DIMM stays until the server is stopped; virtio-mem shrinks as far as the guest lets go."""
    if by == "dimm":
        return "no"
    return "best-effort" if by == "virtio-mem" and grows else "yes"
