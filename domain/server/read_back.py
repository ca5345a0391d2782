"""What it means for an operation how its server was read back."""

from __future__ import annotations

from domain.server.guest_follows import awaited, followed
from domain.server.kinds import ServerChange
from domain.server.lifecycle_events import PowerChanged, PowerFailed
from domain.server.scaling_events import Migrated, ScaleConfirmed, ScaleFailed, ScalePartlyApplied
from domain.server.server import Server
from domain.server.values import Operation, Seen, StepKind


def scaled(
    server: Server, operation: Operation, ask: StepKind, seen: Seen, why: str, *, counted: bool
) -> list[ServerChange]:
    """The events of a scale. ``why``: the hypervisor's words, where it is not as asked."""
    # Only a change of power takes it into the count or out of it.
    counted = server.counted if seen.power == server.power else counted
    if seen.host == server.host:
        if operation.to_host:
            why = why or f"the server is still on {seen.host}"
        return [_resized(server, operation, seen, why, counted=counted)]
    moved = Migrated(
        operation=operation.id,
        was=server.host,
        host=seen.host,
        size=seen.size,
        to=operation.to,
        deadline=operation.deadline,
        guest=seen.guest,
        envelope=seen.envelope,
    )
    if ask == "migrate" and seen.size != operation.to and not operation.late:
        return [moved]  # the scale goes on there
    there = server.after(moved)
    return [moved, _resized(there, operation, seen, why, counted=counted)]


def _resized(
    server: Server, operation: Operation, seen: Seen, why: str, *, counted: bool
) -> ScaleConfirmed | ScalePartlyApplied | ScaleFailed:
    if seen.size == operation.to:
        return _confirmed(server, operation, seen, counted=counted)
    why = why or f"it has {seen.size}, {operation.to} was asked"
    drifted = server.drift.seen.size if server.drift and server.drift.seen else None
    if seen.size == (drifted or server.size) and seen.power == server.power:
        return ScaleFailed(operation=operation.id, to=operation.to, size=seen.size, reason=why)
    return ScalePartlyApplied(
        operation=operation.id,
        was=server.size,
        to=operation.to,
        size=seen.size,
        guest=seen.guest,
        envelope=seen.envelope,
        reason=why,
        power=seen.power,
        counted=counted,
    )


def _confirmed(
    server: Server, operation: Operation, seen: Seen, *, counted: bool
) -> ScaleConfirmed:
    told = followed(server, seen)
    return ScaleConfirmed(
        operation=operation.id,
        was=server.size,
        size=seen.size,
        guest=seen.guest,
        envelope=seen.envelope,
        power=seen.power,
        counted=counted,
        seen_by_guest=told,
        awaited=awaited(server, seen) if told is False else None,
    )


def powered(
    server: Server, operation: Operation, seen: Seen, why: str, *, counted: bool
) -> PowerChanged | PowerFailed:
    """The event of a start or a stop. ``why``: as for `scaled`."""
    wanted = "running" if operation.kind == "start" else "stopped"
    if seen.power != wanted:
        return PowerFailed(
            operation=operation.id,
            power=seen.power,
            counted=counted,
            reason=why or f"the server is still {seen.power}",
        )
    return PowerChanged(
        operation=operation.id,
        was=server.power,
        power=seen.power,
        size=seen.size,
        guest=seen.guest,
        envelope=seen.envelope,
        counted=counted,
    )
