"""/v1/operations: every asked-for change, from its request to its end."""

from __future__ import annotations

from functools import partial
from typing import Annotated
from uuid import UUID

from litestar import Response
from litestar.params import FromPath, QueryParameter

from adapters.http.gateway import pieces
from adapters.http.gateway.dispatch import Asking, actor_of, answered
from adapters.http.gateway.parts.context import Context
from adapters.http.gateway.parts.outbox import Outbox
from adapters.http.gateway.parts.reads import Reads
from adapters.http.gateway.policy import must_see, shown_project
from adapters.http.gateway.waiting import preferred_wait
from adapters.http.native import paging
from adapters.http.native.fields import After, ProjectQuery, ServerQuery, WhyBody
from adapters.http.native.operation_view import OperationView, view_operation
from adapters.http.native.prefixes import PrefixQuery, id_range
from adapters.http.native.routes import get, post
from adapters.readside.tables import operation_row
from commands.command import Command, Reply
from commands.engine.store import Answer
from commands.operations.cancel_operation import CancelOperation
from commands.operations.resolve_operation import ReadBackAccepted, ResolveOperation
from domain.shared.errors import NothingToCancel
from projections import operations
from projections.operations import OperationRow, State

StateQuery = Annotated[
    State | None, QueryParameter(name="state", description="Only operations in this state.")
]


@get("/v1/operations", may="see", heavy=True)
async def list_operations(
    request: Asking,
    reads: Reads,
    after: After = None,
    server: ServerQuery = None,
    project: ProjectQuery = None,
    in_state: StateQuery = None,
    prefix: PrefixQuery = None,
    limit: paging.PageLimit = 100,
    cursor: paging.Cursor = None,
) -> Response[paging.Page[OperationView]]:
    """Operations, the latest first. Readers and members see those of their project."""
    await reads.reach_tables(after)
    values = {
        "project": shown_project(actor_of(request), project),
        "server": server,
        "state": in_state,
        "before": paging.position_of(cursor),
        "limit": limit + 1,
    } | id_range(prefix)
    rows = await pieces.each(operation_row, await reads.select(operations.LIST, values))
    response = paging.page(request, rows, limit, lambda row: row.asked_at)
    shown = await pieces.each(partial(view_operation, reads), response.content.items)
    return Response(paging.Page(items=shown, next=response.content.next), headers=response.headers)


@get("/v1/operations/{operation:uuid}", may="see")
async def show_operation(
    request: Asking, operation: FromPath[UUID], reads: Reads, after: After = None
) -> OperationView:
    """One operation; with ``Prefer: wait=N`` when it ends, or after N seconds as it is."""
    await reads.reach(after)
    row = await _visible(request, reads, operation)
    wait = preferred_wait(request.headers.get("prefer"))
    if wait and not row.has_ended:
        row = await reads.readside.ends(operation, wait) or row
    return view_operation(reads, row)


@post(
    "/v1/operations/{operation:uuid}/resolve",
    may="operate",
    status=202,
    reply=ReadBackAccepted,
    location=lambda accepted: f"/v1/operations/{accepted.operation}",
)
async def resolve_operation(
    request: Asking, operation: FromPath[UUID], context: Context, reads: Reads
) -> Command:
    """Have the hypervisor asked what became of an operation whose outcome is unknown."""
    row = await _visible(request, reads, operation)
    return ResolveOperation(server=row.server, operation=operation, deadline=context.deadline())


@post("/v1/operations/{operation:uuid}/cancel", may="change", status=200, reply=Reply)
async def cancel_operation(
    request: Asking,
    operation: FromPath[UUID],
    asked: WhyBody,
    reads: Reads,
    outbox: Outbox,
) -> Command | Answer:
    """Cancel an operation that was not sent to its hypervisor yet."""
    row = await _visible(request, reads, operation)
    if known := await answered(reads, request):
        return known
    if not await outbox.withheld(operation):
        raise NothingToCancel(operation=operation)
    return CancelOperation(server=row.server, operation=operation, reason=asked.reason)


async def _visible(request: Asking, reads: Reads, operation: UUID) -> OperationRow:
    row = await reads.operation(operation)
    must_see(actor_of(request), row.project, what="operation", id=str(operation))
    return row
