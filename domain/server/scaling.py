"""The rules of scaling a server: what stands against a size, and what would work instead."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from domain.server.scaling_events import ScaleRequested
from domain.server.server import Server
from domain.server.unconfirmed import ResizeUnconfirmed
from domain.server.values import Consent, FlavorTerms, Mode
from domain.shared.errors import (
    AboveCeiling,
    DriftOpen,
    Misaligned,
    NeedsRestart,
    NoMemorySlot,
    NothingToChange,
    NotScalable,
    OutcomeUndecided,
    PowerForbids,
    Refused,
    ScaleInProgress,
)
from domain.shared.resources import NOTHING, Amounts, held, increase
from domain.shared.size import Size


def request(
    server: Server,
    *,
    to: Size,
    operation: UUID,
    deadline: datetime,
    reason: str = "",
    consent: Consent = "live",
    mode: Mode = "live",
    to_host: str | None = None,
    cool_until: datetime | None = None,
    resize: FlavorTerms | None = None,
    reverts: bool = False,
) -> ScaleRequested:
    """Ask for another size; the hypervisor answers later."""
    return ScaleRequested(
        operation=operation,
        host=server.host,
        was=server.size,
        to=to,
        deadline=deadline,
        reason=reason,
        consent=consent,
        mode=mode,
        to_host=to_host,
        cool_until=cool_until,
        resize=resize,
        reverts=reverts,
    )


def growth(server: Server, to: Size) -> Amounts:
    """The quota that must be claimed before the server may be brought to ``to``."""
    if not server.counted:
        return {}
    return increase(server.claimed(), held(server.size.max_with(to)))


def holding(server: Server, size: Size) -> Amounts:
    """The quota that the project holds for the server once it has this size."""
    amounts = held(size)
    return amounts if server.counted else {**NOTHING, "instances": amounts["instances"]}


def working(server: Server) -> Iterator[Refused]:
    """The refusal that an open operation is: a server has one at a time."""
    if server.operation:
        open_ = OutcomeUndecided if server.operation.undecided else ScaleInProgress
        yield open_(operation=server.operation.id, to=server.operation.to)


def busy(server: Server) -> Iterator[Refused]:
    """The refusals that any change has to wait for."""
    yield from working(server)
    if server.drift:
        yield DriftOpen()
    if server.resized_from:
        yield ResizeUnconfirmed(was=server.resized_from.size, size=server.size)


def obstacles(server: Server, to: Size, closed: tuple[str, ...] = ()) -> Iterator[Refused]:
    """The refusals of size ``to`` whatever the caller consents to, the firmest first.

    ``closed``: the flags of region, flavor, image and server that say no.
    """
    yield from busy(server)
    if server.power not in {"running", "stopped"}:
        yield PowerForbids(power=server.power)
    if closed or server.ceiling is None or fixed(server, to):
        yield NotScalable(server_size=server.size, closed=closed or fixed(server, to))
    elif not (to.fits(server.ceiling) or to.fits(server.ceiling.max_with(server.size))):
        yield AboveCeiling(asked=to, ceiling=server.ceiling)
    if to == server.size and server.requested == to:
        yield NothingToChange(size=to)


def live_obstacles(server: Server, to: Size) -> Iterator[Refused]:
    """The refusals of size ``to`` while the server runs; a restart would do."""
    if server.power == "stopped":
        return
    envelope = server.envelope
    if not (envelope.floor.fits(to) and to.fits(envelope.ceiling)):
        yield NeedsRestart(asked=to, floor=envelope.floor, ceiling=envelope.ceiling)
    if (to.memory_mib - server.size.memory_mib) % envelope.memory_step_mib:
        yield Misaligned(
            asked_memory_mib=to.memory_mib,
            step_mib=envelope.memory_step_mib,
            nearest_memory_mib=aligned(server, to.memory_mib),
        )
    if to.memory_mib > server.size.memory_mib and envelope.memory_slots_left == 0:
        yield NoMemorySlot(asked_memory_mib=to.memory_mib)


def fixed(server: Server, to: Size) -> tuple[str, ...]:
    """The dimensions that neither flavor nor image names a maximum for, if ``to`` moves them."""
    if server.spec.flavor is None:
        return ()
    moved = {
        "vcpus": server.spec.max_vcpus is None and to.vcpus != server.size.vcpus,
        "memory": server.spec.max_memory_mib is None and to.memory_mib != server.size.memory_mib,
    }
    return tuple(name for name, moves in moved.items() if moves)


def aligned(server: Server, memory_mib: int) -> int:
    """The nearest reachable memory towards what the server has."""
    has, envelope = server.size.memory_mib, server.envelope
    if memory_mib > has and envelope.memory_slots_left == 0:
        return has
    return has + int((memory_mib - has) / envelope.memory_step_mib) * envelope.memory_step_mib
