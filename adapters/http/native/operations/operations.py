"""/v1/operations: every asked-for change, from its request to its end."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from adapters.http.gateway import body
from adapters.http.gateway.dispatch import Asking, actor_of, answered, ask, reply
from adapters.http.gateway.policy import must_see, shown_project
from adapters.http.gateway.region import Region
from adapters.http.gateway.waiting import preferred_wait, reach, reach_tables
from adapters.http.native import paging
from adapters.http.native.fields import After, ProjectQuery, Reason, ServerQuery
from adapters.http.native.prefixes import PrefixQuery, id_range
from adapters.readside.tables import operation_row
from commands.operations.cancel_operation import CancelOperation
from commands.operations.resolve_operation import ResolveOperation
from domain.server import Consent, Mode, OperationKind
from domain.shared.errors import NothingToCancel
from domain.shared.size import GuestView, Size
from projections import operations
from projections.operations import OperationRow, State

StateQuery = Annotated[
    State | None, QueryParameter(name="state", description="Only operations in this state.")
]


class CancelBody(body.Body, frozen=True, kw_only=True):
    reason: Reason = ""


class OperationView(msgspec.Struct, frozen=True, kw_only=True):
    """``size`` and ``guest`` are what was read back at the end; times are UTC.

    ``seen_by_guest``: whether the guest has what was applied, as far as it tells.
    """

    id: UUID
    server: UUID
    server_name: str | None
    project: str
    host: str
    kind: OperationKind
    mode: Mode
    consent: Consent
    to_host: str | None
    state: State
    was: Size
    to: Size
    size: Size | None
    guest: GuestView | None
    seen_by_guest: bool | None
    reason: str | None
    by: str
    requested: datetime
    deadline: datetime
    ended: datetime | None
    position: int


@get("/v1/operations", name="list_operations")
async def list_operations(
    request: Asking,
    region: NamedDependency[Region],
    after: After = None,
    server: ServerQuery = None,
    project: ProjectQuery = None,
    in_state: StateQuery = None,
    prefix: PrefixQuery = None,
    limit: paging.PageLimit = 100,
    cursor: paging.Cursor = None,
) -> Response[paging.Page[OperationView]]:
    """Operations, the latest first. Readers and members see those of their project."""
    await reach_tables(region.readside, after)
    values = {
        "project": shown_project(actor_of(request), project),
        "server": server,
        "state": in_state,
        "before": paging.position_of(cursor),
        "limit": limit + 1,
    } | id_range(prefix)
    rows = [operation_row(row) for row in await region.select(operations.LIST, values)]
    response = paging.page(request, rows, limit, lambda row: row.asked_at)
    shown = [view_operation(region, row) for row in response.content.items]
    return Response(paging.Page(items=shown, next=response.content.next), headers=response.headers)


@get("/v1/operations/{operation:uuid}", name="show_operation")
async def show_operation(
    request: Asking,
    operation: FromPath[UUID],
    region: NamedDependency[Region],
    after: After = None,
) -> OperationView:
    """One operation; with ``Prefer: wait=N`` when it ends, or after N seconds as it is."""
    await reach(region.readside, after)
    row = await _visible(request, region, operation)
    wait = preferred_wait(request.headers.get("prefer"))
    if wait and not row.has_ended:
        row = await region.readside.ends(operation, wait) or row
    return view_operation(region, row)


@post("/v1/operations/{operation:uuid}/resolve", name="resolve_operation", status_code=202)
async def resolve_operation(
    request: Asking, operation: FromPath[UUID], region: NamedDependency[Region]
) -> Response[bytes]:
    """Have the hypervisor asked what became of an operation whose outcome is unknown."""
    row = await _visible(request, region, operation)
    command = ResolveOperation(server=row.server, operation=operation, deadline=region.deadline())
    answer = await ask(region, request, command)
    return reply(answer, 202, {"location": f"/v1/operations/{operation}"})


@post("/v1/operations/{operation:uuid}/cancel", name="cancel_operation", status_code=200)
async def cancel_operation(
    request: Asking, operation: FromPath[UUID], region: NamedDependency[Region]
) -> Response[bytes]:
    """Cancel an operation that was not sent to its hypervisor yet."""
    asked = await body.read(request, CancelBody)
    row = await _visible(request, region, operation)
    known = await answered(region, request)
    if known is None and not await region.withheld(operation):
        raise NothingToCancel(operation=operation)
    command = CancelOperation(server=row.server, operation=operation, reason=asked.reason)
    return reply(known or await ask(region, request, command))


async def _visible(request: Asking, region: Region, operation: UUID) -> OperationRow:
    row = await region.operation(operation)
    must_see(actor_of(request), row.project, what="operation", id=str(operation))
    return row


def view_operation(region: Region, row: OperationRow) -> OperationView:
    return OperationView(
        id=row.id,
        server=row.server,
        server_name=region.readside.server_name(row.server),
        project=row.project,
        host=row.host,
        kind=row.kind,
        mode=row.mode,
        consent=row.consent,
        to_host=row.to_host,
        state=row.state,
        was=row.was,
        to=row.to,
        size=row.size,
        guest=row.guest,
        seen_by_guest=row.seen_by_guest,
        reason=row.reason,
        by=row.by,
        requested=row.requested,
        deadline=row.deadline,
        ended=row.ended,
        position=row.position,
    )
