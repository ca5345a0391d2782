"""The ways in which an operation on a server ends, by what its hypervisor told."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from domain.server.events import (
    BuildFailed,
    Built,
    Deleted,
    DeleteFailed,
    Migrated,
    OperationCancelled,
    OutcomeUnknown,
    PowerChanged,
    PowerFailed,
    ReadBackRequested,
    ScaleConfirmed,
    ScaleFailed,
    ScalePartlyApplied,
)
from domain.server.kinds import ServerChange
from domain.server.server import Server
from domain.server.values import Operation, Seen, StepKind
from domain.shared.errors import NothingToCancel, NothingToResolve
from domain.shared.size import GuestView

# Of what a guest is given it keeps this much for its own tables, at the most.
_KEPT_MIB, _KEPT_PART = 16, 8


def read_back(
    server: Server, ask: StepKind, seen: Seen, why: str, *, counted: bool = True
) -> list[ServerChange]:
    """It was read after the ``ask``: which end that is, if any, follows from what was seen.

    ``counted``: whether it counts against cores and ram with the power that it has now.
    """
    operation = open_operation(server)
    match operation.kind:
        case "scale":
            return _scaled(server, operation, ask, seen, why, counted=counted)
        case "build":
            return [
                Built(
                    operation=operation.id,
                    size=seen.size,
                    power=seen.power,
                    guest=seen.guest,
                    envelope=seen.envelope,
                )
            ]
        case "delete":
            return [DeleteFailed(operation=operation.id, reason=why or "it is still there")]
        case "start" | "stop":
            return [_powered(server, operation, seen, why, counted=counted)]


def failed(
    server: Server, reason: str, *, counted: bool = True, refused: bool = False
) -> ServerChange:
    """Nothing was changed. ``refused``: its hypervisor said no."""
    operation = open_operation(server)
    match operation.kind:
        case "scale":
            return ScaleFailed(
                operation=operation.id,
                to=operation.to,
                size=server.size,
                reason=reason,
                refused=refused,
            )
        case "build":
            return BuildFailed(operation=operation.id, reason=reason)
        case "delete":
            return DeleteFailed(operation=operation.id, reason=reason)
        case "start" | "stop":
            return PowerFailed(
                operation=operation.id, power=server.power, counted=counted, reason=reason
            )


def absent(server: Server, reason: str, *, counted: bool = True) -> ServerChange:
    """Its host does not know it: deleted as asked, or whatever else was asked cannot be done."""
    operation = open_operation(server)
    if operation.kind == "delete":
        return Deleted(operation=operation.id)
    return failed(server, reason or "the hypervisor does not know this server", counted=counted)


def given_up(server: Server, reason: str) -> OutcomeUnknown:
    """The deadline passed without anybody knowing what came of it."""
    operation = open_operation(server)
    return OutcomeUnknown(operation=operation.id, was=server.size, to=operation.to, reason=reason)


def cancelled(server: Server, operation: UUID, reason: str) -> OperationCancelled | ScaleFailed:
    """One that has migrated already has failed: it stays where it is. Raises NothingToCancel."""
    if not server.works_on(operation) or open_operation(server).late:
        raise NothingToCancel(operation=operation)
    if open_operation(server).mode == "migrate" and open_operation(server).to_host is None:
        why = (
            f"cancelled after the migration: {reason}"
            if reason
            else "cancelled after the migration"
        )
        return ScaleFailed(
            operation=operation, to=open_operation(server).to, size=server.size, reason=why
        )
    return OperationCancelled(operation=operation, reason=reason)


def look_again(server: Server, operation: UUID, deadline: datetime) -> ReadBackRequested:
    """Ask what became of an operation of unknown outcome. Raises NothingToResolve."""
    if not (server.works_on(operation) and open_operation(server).undecided):
        raise NothingToResolve(operation=operation)
    open_ = open_operation(server)
    return ReadBackRequested(
        operation=operation,
        host=server.host,
        to_host=open_.to_host,
        was=server.size,
        to=open_.to,
        deadline=deadline,
    )


def open_operation(server: Server) -> Operation:
    """The open operation. Commands look with `works_on` first, so there is one."""
    if server.operation is None:
        raise LookupError("no operation is open")
    return server.operation


def _scaled(
    server: Server, operation: Operation, ask: StepKind, seen: Seen, why: str, *, counted: bool
) -> list[ServerChange]:
    # Only a change of power takes it into the count or out of it.
    counted = server.counted if seen.power == server.power else counted
    if seen.host == server.host:
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
        return ScaleConfirmed(
            operation=operation.id,
            was=server.size,
            size=seen.size,
            guest=seen.guest,
            envelope=seen.envelope,
            power=seen.power,
            counted=counted,
            seen_by_guest=(followed := _followed(server, seen)),
            awaited=_awaited(server, seen) if followed is False else None,
        )
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


def _followed(server: Server, seen: Seen) -> bool | None:
    """Whether the guest, as far as it speaks, has what was changed. It keeps a little of its
    memory for itself, so that only the difference tells."""
    told: list[bool] = []
    if seen.size.vcpus != server.size.vcpus and seen.guest.vcpus is not None:
        told.append(seen.guest.vcpus == seen.size.vcpus)
    moved = seen.size.memory_mib - server.size.memory_mib
    if moved and None not in {seen.guest.memory_mib, server.guest.memory_mib}:
        followed = (seen.guest.memory_mib or 0) - (server.guest.memory_mib or 0)
        told.append(abs(followed - moved) <= max(_KEPT_MIB, abs(moved) // _KEPT_PART))
    return all(told) if told else None


def _awaited(server: Server, seen: Seen) -> GuestView:
    """What the guest will say once it has what was applied; of what it is silent about, nothing."""
    had, has = server.guest.memory_mib, seen.guest.memory_mib
    kept = None if had is None or has is None else server.size.memory_mib - had
    return GuestView(
        vcpus=None if seen.guest.vcpus is None else seen.size.vcpus,
        memory_mib=None if kept is None else seen.size.memory_mib - kept,
    )


def has_followed(guest: GuestView, awaited: GuestView, moved_mib: int) -> bool:
    """Whether the guest has what was awaited of it, after a change by so much memory."""
    vcpus = awaited.vcpus is None or guest.vcpus == awaited.vcpus
    if awaited.memory_mib is None:
        return vcpus
    off = abs((guest.memory_mib or 0) - awaited.memory_mib)
    return vcpus and off <= max(_KEPT_MIB, abs(moved_mib) // _KEPT_PART)


def _powered(
    server: Server, operation: Operation, seen: Seen, why: str, *, counted: bool
) -> PowerChanged | PowerFailed:
    wanted = "running" if operation.kind == "start" else "stopped"
    if seen.power != wanted:
        return PowerFailed(
            operation=operation.id, power=seen.power, counted=counted, reason=why or "it was not"
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
