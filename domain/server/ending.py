"""How an operation on a server ends, by what its hypervisor reported."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from domain.server.kinds import ServerChange
from domain.server.lifecycle_events import BuildFailed, Built, Deleted, DeleteFailed, PowerFailed
from domain.server.read_back import powered, scaled
from domain.server.scaling_events import (
    OperationCancelled,
    OutcomeUnknown,
    ReadBackRequested,
    ScaleFailed,
)
from domain.server.server import Server
from domain.server.values import Operation, Seen, StepKind
from domain.shared.errors import NothingToCancel, NothingToResolve


def read_back(
    server: Server, ask: StepKind, seen: Seen, why: str, *, counted: bool = True
) -> list[ServerChange]:
    """The events that follow from reading the server after step ``ask``.

    ``counted``: whether cores and ram count against the quota with the power it has now.
    """
    operation = open_operation(server)
    match operation.kind:
        case "scale":
            return scaled(server, operation, ask, seen, why, counted=counted)
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
            return [powered(server, operation, seen, why, counted=counted)]


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
    return OutcomeUnknown(
        operation=operation.id,
        was=server.size,
        to=operation.to,
        reason=reason,
        host=server.host,
        to_host=operation.to_host,
    )


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
