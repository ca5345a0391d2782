"""How an operation on a server ends, by what its hypervisor reported."""

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
    """The events that follow from reading the server after step ``ask``.

    ``counted``: whether cores and ram count against the quota with the power it has now.
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
            return [DeleteFailed(operation=operation.id, reason=why or "the server is still there")]
        case "start" | "stop":
            return [_powered(server, operation, seen, why, counted=counted)]


def failed(
    server: Server, reason: str, *, counted: bool = True, refused: bool = False
) -> ServerChange:
    """End the operation with nothing changed. ``refused``: the hypervisor said no."""
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
    """End the operation of a server that its host does not know: deleted if that was asked, else
    failed."""
    operation = open_operation(server)
    if operation.kind == "delete":
        return Deleted(operation=operation.id)
    return failed(server, reason or "the hypervisor does not know this server", counted=counted)


def given_up(server: Server, reason: str) -> OutcomeUnknown:
    """Record that the deadline passed and the outcome is not known."""
    operation = open_operation(server)
    return OutcomeUnknown(operation=operation.id, was=server.size, to=operation.to, reason=reason)


def cancelled(server: Server, operation: UUID, reason: str) -> OperationCancelled | ScaleFailed:
    """Cancel an operation; one that has migrated the server already has failed, and it stays there.

    Raises NothingToCancel.
    """
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
    """Ask for an operation of unknown outcome to be read back. Raises NothingToResolve."""
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
    """The open operation. Commands check `works_on` first, so there is one."""
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
    """Whether the guest has the change, as far as it reports; None: it reports nothing of it.

    A guest keeps some memory for itself, so only differences are compared.
    """
    told: list[bool] = []
    if seen.size.vcpus != server.size.vcpus and seen.guest.vcpus is not None:
        told.append(seen.guest.vcpus == seen.size.vcpus)
    moved = seen.size.memory_mib - server.size.memory_mib
    if moved and None not in {seen.guest.memory_mib, server.guest.memory_mib}:
        followed = (seen.guest.memory_mib or 0) - (server.guest.memory_mib or 0)
        told.append(abs(followed - moved) <= max(_KEPT_MIB, abs(moved) // _KEPT_PART))
    return all(told) if told else None


def _awaited(server: Server, seen: Seen) -> GuestView:
    """What the guest will report once it has the change; None for what it does not report."""
    had, has = server.guest.memory_mib, seen.guest.memory_mib
    kept = None if had is None or has is None else server.size.memory_mib - had
    return GuestView(
        vcpus=None if seen.guest.vcpus is None else seen.size.vcpus,
        memory_mib=None if kept is None else seen.size.memory_mib - kept,
    )


def has_followed(guest: GuestView, awaited: GuestView, moved_mib: int) -> bool:
    """Whether the guest has what was awaited, after memory changed by ``moved_mib`` MiB."""
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
