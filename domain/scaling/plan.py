"""The plan of a scale, shown before anything happens."""

from __future__ import annotations

from typing import Literal

import msgspec

from domain.scaling.assess import Scale, assess
from domain.scaling.route import Route
from domain.server import Mode, Server, scaling
from domain.shared.envelope import MemoryBy
from domain.shared.errors import Refused
from domain.shared.resources import Amounts, held, minus, plus
from domain.shared.size import Size

PlannedMode = Literal["live", "migrate", "restart", "stopped", "impossible"]
Undo = Literal["yes", "best-effort", "no"]


class PlanStep(msgspec.Struct, frozen=True, kw_only=True):
    """One change, in the order in which it is made."""

    what: Literal["host", "stop", "memory", "vcpus", "start"]
    was: int | str
    to: int | str
    by: str
    undo: Undo


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What a scale would take.

    ``obstacles`` stand against it; those that need a consent go away with it. ``nearest``: the size
    nearest to the one asked for that would be accepted now. ``version``: names the route; a scale
    by this plan is refused once it would go another way.
    """

    mode: PlannedMode
    to_host: str | None
    was: Size
    to: Size
    steps: list[PlanStep]
    obstacles: list[Refused]
    used: Amounts
    used_after: Amounts
    limits: Amounts
    nearest: Size | None
    version: str


def plan(scale: Scale) -> Plan:
    """Plan from what is recorded; no hypervisor is asked."""
    found = assess(scale)
    server, to, used = scale.server, scale.to, scale.quota.quota.used
    route = found.route
    return Plan(
        mode=route.mode if route else "impossible",
        to_host=route.to_host if route else None,
        was=server.size,
        to=to,
        steps=steps(server, to, route) if route else [],
        obstacles=[*found.obstacles, *found.needs],
        used=used,
        used_after=plus(used, minus(scaling.holding(server, to), server.claimed())),
        limits={name: scale.quota.limit(name) for name in held(to)},
        nearest=found.nearest(),
        version=found.version(),
    )


def steps(server: Server, to: Size, route: Route) -> list[PlanStep]:
    """The steps in order, memory before vCPUs: memory is easier to give back than a vCPU."""
    moved = [step for step in _sized(server, to, route.mode) if step.was != step.to]
    if route.mode == "migrate" and route.to_host:
        move = PlanStep(
            what="host", was=server.host, to=route.to_host, by="live-migration", undo="best-effort"
        )
        return [move, *moved]
    if route.mode == "restart":
        stop = PlanStep(what="stop", was="running", to="stopped", by="shutdown", undo="yes")
        start = PlanStep(what="start", was="stopped", to="running", by="boot", undo="yes")
        return [stop, *moved, start]
    return moved


def _sized(server: Server, to: Size, mode: Mode) -> list[PlanStep]:
    was, envelope = server.size, server.envelope
    redefined = mode in {"restart", "stopped"}
    memory = PlanStep(
        what="memory",
        was=was.memory_mib,
        to=to.memory_mib,
        by="definition" if redefined else envelope.memory_by,
        undo="yes"
        if redefined
        else _undo(envelope.memory_by, grows=to.memory_mib > was.memory_mib),
    )
    unplugs = to.vcpus < was.vcpus or envelope.floor.vcpus < was.vcpus
    vcpus = PlanStep(
        what="vcpus",
        was=was.vcpus,
        to=to.vcpus,
        by="definition" if redefined else "hotplug",
        undo="yes" if redefined or unplugs else "no",
    )
    return [memory, vcpus]


def _undo(by: MemoryBy, *, grows: bool) -> Undo:
    """A DIMM stays until the server is stopped; virtio-mem shrinks as far as the guest lets go."""
    if by == "dimm":
        return "no"
    return "best-effort" if by == "virtio-mem" and grows else "yes"
