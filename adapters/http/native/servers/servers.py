"""/v1/servers: list, show, start, stop, delete."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Response
from litestar.params import FromPath, QueryParameter

from adapters.http.gateway import body, pieces
from adapters.http.gateway.as_of import AsOf, past_at, then, told_of
from adapters.http.gateway.dispatch import Asking, actor_of, answered, etag
from adapters.http.gateway.parts.context import Context
from adapters.http.gateway.parts.reads import Reads
from adapters.http.gateway.policy import shown_project
from adapters.http.native import paging
from adapters.http.native.fields import After, HostQuery, ProjectQuery, Why, WhyBody
from adapters.http.native.prefixes import PrefixQuery, id_range
from adapters.http.native.routes import delete, get, post
from adapters.http.native.servers.server_view import (
    ServerView,
    groups_now,
    groups_then,
    view_server,
)
from adapters.http.native.visible import seen, visible
from adapters.readside.past import Past
from adapters.readside.tables import server_row
from adapters.texts import PRINTABLE
from commands.command import Command
from commands.engine.store import Answer
from commands.ledger.accepted import OperationAccepted
from commands.servers.delete_server import DeleteServer
from commands.servers.power_server import PowerServer
from domain.shared.errors import NotFound
from domain.shared.request_spec import RequestSpec
from projections import servers

_NameQuery = Annotated[
    str | None,
    QueryParameter(max_length=255, pattern=PRINTABLE, description="Only those of this name."),
]
_Deleted = Annotated[bool, QueryParameter(description="Also those that were deleted.")]


class RequestSpecView(body.Body, frozen=True, kw_only=True):
    """How the server was asked for, as every later placement respects it."""

    server: UUID
    spec: RequestSpec


@get("/v1/servers", may="see", heavy=True)
async def list_servers(
    request: Asking,
    reads: Reads,
    after: After = None,
    as_of: AsOf = None,
    project: ProjectQuery = None,
    host: HostQuery = None,
    name: _NameQuery = None,
    prefix: PrefixQuery = None,
    deleted: _Deleted = False,
    limit: paging.PageLimit = 100,
    cursor: paging.Cursor = None,
) -> Response[paging.Page[ServerView]]:
    """Servers by id. Readers and members see those of their project."""
    if as_of and (prefix or deleted):
        raise body.BodyInvalid("Give either `as_of`, or `prefix` and `deleted`.")
    past = await past_at(reads, None, as_of)
    await reads.reach_tables(after)
    values = {
        "project": shown_project(actor_of(request), project),
        "host": host,
        "name": name,
        "after": paging.id_of(cursor),
        "limit": limit + 1,
    }
    if past:
        shown = await then(reads, past, lambda past: _listed_then(past, values))
    else:
        shown = await _listed_now(reads, values | id_range(prefix) | {"deleted": deleted})
    return paging.page(request, shown, limit, lambda row: row.id, told_of(past))


@get("/v1/servers/{server:uuid}", may="see")
async def show_server(
    request: Asking, server: FromPath[UUID], reads: Reads, after: After = None, as_of: AsOf = None
) -> Response[ServerView]:
    """One server: what it has, what it may have, what is being done to it."""
    past = await past_at(reads, after, as_of)
    if past is None:
        row = visible(request, reads, server)
        return Response(view_server(row, groups_now(reads, [row])), headers=etag(row.version))
    row = seen(request, server, await then(reads, past, lambda past: past.server(server)))
    groups = await then(reads, past, lambda past: groups_then(past, [row]))
    headers = etag(row.version) | told_of(past)
    return Response(view_server(row, groups), headers=headers)


@get("/v1/servers/{server:uuid}/request-spec", may="see")
async def show_request_spec(
    request: Asking, server: FromPath[UUID], reads: Reads, after: After = None
) -> Response[RequestSpecView]:
    """How a server was asked for."""
    await reads.reach(after)
    row = visible(request, reads, server)
    view = RequestSpecView(server=server, spec=row.state.spec)
    return Response(view, headers=etag(row.version))


@post(
    "/v1/servers/{server:uuid}/start", may="change", status=202, reply=OperationAccepted, ends=True
)
async def start_server(
    request: Asking, server: FromPath[UUID], asked: WhyBody, context: Context, reads: Reads
) -> Command:
    """Start a server that is stopped."""
    visible(request, reads, server)
    return _power(context, server, "running", asked.reason)


@post(
    "/v1/servers/{server:uuid}/stop", may="change", status=202, reply=OperationAccepted, ends=True
)
async def stop_server(
    request: Asking, server: FromPath[UUID], asked: WhyBody, context: Context, reads: Reads
) -> Command:
    """Have the guest shut down; one that does not listen is cut off."""
    visible(request, reads, server)
    return _power(context, server, "stopped", asked.reason)


@delete("/v1/servers/{server:uuid}", may="change", status=202, reply=OperationAccepted, ends=True)
async def delete_server(
    request: Asking, server: FromPath[UUID], context: Context, reads: Reads, reason: Why = ""
) -> Command | Answer:
    """Stop a server and remove it from its hypervisor; then all that it holds is given back."""
    try:
        visible(request, reads, server)
    except NotFound:
        # Asked again under its key, it is answered as it was, though nothing is there any more.
        if (known := await answered(reads, request)) is None:
            raise
        return known
    return DeleteServer(
        server=server, operation=context.new_id(), deadline=context.deadline(), reason=reason
    )


def _power(
    context: Context, server: UUID, to: Literal["running", "stopped"], reason: str
) -> PowerServer:
    return PowerServer(
        server=server,
        to=to,
        operation=context.new_id(),
        deadline=context.deadline(),
        reason=reason,
    )


async def _listed_now(reads: Reads, values: dict[str, Any]) -> list[ServerView]:
    rows = await pieces.each(server_row, await reads.select(servers.LIST, values))
    groups = groups_now(reads, rows)
    return await pieces.each(lambda row: view_server(row, groups), rows)


def _listed_then(past: Past, values: dict[str, Any]) -> list[ServerView]:
    rows = past.servers(**values)
    groups = groups_then(past, rows)
    return [view_server(row, groups) for row in rows]
