"""What a scale would take, told before anything happens."""

from __future__ import annotations

from hashlib import sha256
from typing import Literal

import msgspec

from domain.quota import QuotaPath
from domain.scaling.route import Hosts, Route, choose_route
from domain.server import Mode, Server, scaling
from domain.server.unconfirmed import ResizeUnconfirmed
from domain.shared.envelope import MemoryBy
from domain.shared.errors import (
    DriftOpen,
    NoValidHost,
    OutcomeUndecided,
    PowerForbids,
    QuotaExceeded,
    Refused,
    ScaleInProgress,
)
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
    """``obstacles`` stand against it; those of a mode other than live go away with the consent.

    ``nearest`` is the size nearest to the one asked for that would be accepted now. ``version``
    names the way it goes: a scale by this plan is refused once it would go otherwise.
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
    nearest: Size
    version: str


def plan(
    server: Server,
    quota: QuotaPath,
    *,
    to: Size,
    hosts: Hosts,
    closed: tuple[str, ...] = (),
    version: int = 0,
) -> Plan:
    """Answer from what is recorded; no hypervisor is asked. ``version``: the server's."""
    obstacles = list(scaling.obstacles(server, to, closed))
    if short := quota.shortages(scaling.growth(server, to)):
        obstacles.append(QuotaExceeded(project=server.project, shortages=short))
    found = _way(server, to, hosts, obstacles)
    goes = found if found and not obstacles else None
    return Plan(
        mode=goes.mode if goes else "impossible",
        to_host=goes.to_host if goes else None,
        was=server.size,
        to=to,
        steps=steps(server, to, goes) if goes else [],
        obstacles=[*obstacles, *(found.needs if found else ())],
        used=quota.quota.used,
        used_after=plus(quota.quota.used, minus(scaling.holding(server, to), server.claimed())),
        limits={name: quota.limit(name) for name in held(to)},
        nearest=server.size
        if closed or any(isinstance(one, _WHATEVER_THE_SIZE) for one in obstacles)
        else affordable(server, quota, to=to, hosts=hosts),
        version=plan_version(version, to, goes),
    )


def affordable(server: Server, quota: QuotaPath, *, to: Size, hosts: Hosts) -> Size:
    """The size nearest to ``to`` that envelope, ceiling, quota and host all allow, live."""
    cores, ram = quota.left("cores"), quota.left("ram")
    most = Size(
        to.vcpus if cores is None else server.size.vcpus + cores,
        to.memory_mib if ram is None else server.size.memory_mib + ram,
    )
    more = Size(to.vcpus - server.size.vcpus, to.memory_mib - server.size.memory_mib)
    lacking = hosts.host(server.host).lacks(more)
    room = Size(to.vcpus - lacking.vcpus, to.memory_mib - lacking.memory_mib)
    return scaling.nearest(server, to, most.min_with(room).max_with(server.size.min_with(to)))


def plan_version(server_version: int, to: Size, goes: Route | None) -> str:
    """The same as long as the server and the way to its new size are the same."""
    told = f"{to.vcpus}/{to.memory_mib}/{goes.mode if goes else ''}/{goes.to_host if goes else ''}"
    return f"{server_version}-{sha256(told.encode()).hexdigest()[:8]}"


# Against these no other size would help.
_WHATEVER_THE_SIZE = (
    DriftOpen,
    OutcomeUndecided,
    PowerForbids,
    ResizeUnconfirmed,
    ScaleInProgress,
)


def steps(server: Server, to: Size, goes: Route) -> list[PlanStep]:
    """Memory first: an undone memory step is cheaper than a lost CPU."""
    moved = [step for step in _sized(server, to, goes.mode) if step.was != step.to]
    if goes.mode == "migrate" and goes.to_host:
        move = PlanStep(
            what="host", was=server.host, to=goes.to_host, by="live-migration", undo="best-effort"
        )
        return [move, *moved]
    if goes.mode == "restart":
        stop = PlanStep(what="stop", was="running", to="stopped", by="shutdown", undo="yes")
        start = PlanStep(what="start", was="stopped", to="running", by="boot", undo="yes")
        return [stop, *moved, start]
    return moved


def _way(server: Server, to: Size, hosts: Hosts, obstacles: list[Refused]) -> Route | None:
    try:
        return choose_route(server, to, hosts, limits=tuple(scaling.live_obstacles(server, to)))
    except NoValidHost as e:
        obstacles.append(e)
        return None


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
