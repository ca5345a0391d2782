"""Starting, stopping, deleting and marking a server: all that is asked beside another size."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from domain.server import drifting
from domain.server.descriptions import AutoscalingSet, CeilingDeclared, ScalableSet
from domain.server.lifecycle_events import DeleteRequested, PowerRequested
from domain.server.scaling import busy, working
from domain.server.server import Server
from domain.server.values import Autoscaling
from domain.shared.errors import DriftOpen, PowerForbids
from domain.shared.size import Size

# From which power a server may be brought to which.
_FROM = {"running": ("stopped",), "stopped": ("running", "paused")}
_DELETABLE = ("running", "paused", "stopped")


def power(
    server: Server,
    to: Literal["running", "stopped"],
    *,
    operation: UUID,
    deadline: datetime,
    reason: str = "",
) -> PowerRequested:
    """Start or stop the server.

    Raises ScaleInProgress, OutcomeUndecided, DriftOpen, ResizeUnconfirmed, PowerForbids.
    """
    for obstacle in busy(server):
        raise obstacle
    if server.power not in _FROM[to]:
        raise PowerForbids(power=server.power, needs=_FROM[to])
    return PowerRequested(
        operation=operation, host=server.host, power=to, deadline=deadline, reason=reason
    )


def deletion(
    server: Server, *, operation: UUID, deadline: datetime, reason: str = ""
) -> DeleteRequested:
    """Delete the server. Drift does not stand against it, unless the server was seen on another
    host.

    Raises ScaleInProgress, OutcomeUndecided, DriftOpen, PowerForbids.
    """
    for obstacle in working(server):
        raise obstacle
    if drifting.is_elsewhere(server):
        raise DriftOpen
    if server.power not in _DELETABLE:
        raise PowerForbids(power=server.power, needs=_DELETABLE)
    return DeleteRequested(operation=operation, host=server.host, deadline=deadline, reason=reason)


def declared(server: Server, ceiling: Size | None, reason: str = "") -> CeilingDeclared:
    """Set the most that the server may have; None: it may not be scaled."""
    return CeilingDeclared(was=server.ceiling, ceiling=ceiling, reason=reason)


def flagged(server: Server, *, scalable: bool, reason: str = "") -> ScalableSet:
    """Set the server's own flag."""
    return ScalableSet(was=server.scalable, scalable=scalable, reason=reason)


def autoscaled(server: Server, autoscaling: Autoscaling | None, reason: str = "") -> AutoscalingSet:
    """Set the rules for recommendations; None: none are taken."""
    return AutoscalingSet(was=server.autoscaling, autoscaling=autoscaling, reason=reason)
