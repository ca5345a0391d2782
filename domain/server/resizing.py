"""Another flavor for a server by a restart, then confirmed or reverted (Nova)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from domain.server.descriptions import ResizeConfirmed
from domain.server.scaling import busy, request, working
from domain.server.scaling_events import ScaleRequested
from domain.server.server import Server
from domain.server.unconfirmed import NotResized
from domain.server.values import FlavorTerms, Mode
from domain.shared.errors import DriftOpen, NothingToChange, PowerForbids, Refused


def obstacles(server: Server, to: FlavorTerms) -> Iterator[Refused]:
    """The refusals of a resize. Flags and ceiling are for scaling: the new flavor brings its
    own."""
    yield from busy(server)
    if server.power not in {"running", "stopped"}:
        yield PowerForbids(power=server.power)
    now = server.spec.flavor.id if server.spec.flavor else None
    if to.flavor and to.flavor.id == now:
        yield NothingToChange(size=to.size)


def resize(
    server: Server,
    to: FlavorTerms,
    *,
    operation: UUID,
    deadline: datetime,
    reason: str = "",
) -> ScaleRequested:
    """Ask for the size and terms of another flavor, with a restart if the server runs."""
    return request(
        server,
        to=to.size,
        operation=operation,
        deadline=deadline,
        reason=reason,
        consent="restart",
        mode=_mode(server),
        resize=to,
    )


def confirmed(server: Server, reason: str = "") -> ResizeConfirmed:
    """Keep the new flavor. Raises ScaleInProgress, OutcomeUndecided, NotResized."""
    was = _was(server)
    return ResizeConfirmed(was=was.size, size=server.size, reason=reason)


def reverted(
    server: Server, *, operation: UUID, deadline: datetime, reason: str = ""
) -> ScaleRequested:
    """Go back to the old flavor; its size is still claimed.

    Raises ScaleInProgress, OutcomeUndecided, NotResized, DriftOpen.
    """
    was = _was(server)
    if server.drift:  # whether it still is where it would be restarted, nobody has said
        raise DriftOpen
    return request(
        server,
        to=was.size,
        operation=operation,
        deadline=deadline,
        reason=reason,
        consent="restart",
        mode=_mode(server),
        resize=was,
        reverts=True,
    )


def _mode(server: Server) -> Mode:
    return "stopped" if server.power == "stopped" else "restart"


def _was(server: Server) -> FlavorTerms:
    for obstacle in working(server):
        raise obstacle
    if server.resized_from is None:
        raise NotResized
    return server.resized_from
