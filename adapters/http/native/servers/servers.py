"""/v1/servers: list, show, start, stop, delete."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from adapters.http.gateway import body
from adapters.http.gateway.as_of import AsOf, past_at, then, told_of
from adapters.http.gateway.dispatch import Asking, actor_of, answered, ask, etag, told
from adapters.http.gateway.policy import must_see, shown_project
from adapters.http.gateway.region import Region
from adapters.http.gateway.waiting import reach, reach_tables
from adapters.http.native import paging
from adapters.http.native.ending import ended_or_accepted
from adapters.http.native.fields import After, HostQuery, ProjectQuery, Reason, Why
from adapters.http.native.prefixes import PrefixQuery, id_range
from adapters.http.native.servers.server_view import (
    ServerView,
    groups_now,
    groups_then,
    view_server,
)
from adapters.readside.past import Past
from adapters.readside.tables import server_row
from adapters.texts import PRINTABLE
from commands.servers.delete_server import DeleteServer
from commands.servers.power_server import OperationAccepted, PowerServer
from domain.shared.errors import NotFound
from domain.shared.request_spec import RequestSpec
from projections import servers
from projections.servers import ServerRow

_NameQuery = Annotated[
    str | None,
    QueryParameter(max_length=255, pattern=PRINTABLE, description="Only those of this name."),
]
_Deleted = Annotated[bool, QueryParameter(description="Also those that were deleted.")]


class WhyBody(body.Body, frozen=True, kw_only=True):
    reason: Reason = ""


class RequestSpecView(body.Body, frozen=True, kw_only=True):
    """How the server was asked for, as every later placement respects it."""

    server: UUID
    spec: RequestSpec


@get("/v1/servers", name="list_servers")
async def list_servers(
    request: Asking,
    region: NamedDependency[Region],
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
    past = await past_at(region, None, as_of)
    await reach_tables(region.readside, after)
    values = {
        "project": shown_project(actor_of(request), project),
        "host": host,
        "name": name,
        "after": paging.id_of(cursor),
        "limit": limit + 1,
    }
    if past:
        shown = await then(region, past, lambda past: _listed_then(past, values))
    else:
        values |= id_range(prefix) | {"deleted": deleted}
        rows = [server_row(row) for row in await region.select(servers.LIST, values)]
        groups = groups_now(region, rows)
        shown = [view_server(row, groups) for row in rows]
    return paging.page(request, shown, limit, lambda row: row.id, told_of(past))


@get("/v1/servers/{server:uuid}", name="show_server")
async def show_server(
    request: Asking,
    server: FromPath[UUID],
    region: NamedDependency[Region],
    after: After = None,
    as_of: AsOf = None,
) -> Response[ServerView]:
    """One server: what it has, what it may have, what is being done to it."""
    past = await past_at(region, after, as_of)
    if past is None:
        row = visible(request, region, server)
        return Response(view_server(row, groups_now(region, [row])), headers=etag(row.version))
    row = _seen(request, server, await then(region, past, lambda past: past.server(server)))
    groups = await then(region, past, lambda past: groups_then(past, [row]))
    headers = etag(row.version) | told_of(past)
    return Response(view_server(row, groups), headers=headers)


@get("/v1/servers/{server:uuid}/request-spec", name="show_request_spec")
async def show_request_spec(
    request: Asking,
    server: FromPath[UUID],
    region: NamedDependency[Region],
    after: After = None,
) -> Response[RequestSpecView]:
    """How a server was asked for."""
    await reach(region.readside, after)
    row = visible(request, region, server)
    view = RequestSpecView(server=server, spec=row.state.spec)
    return Response(view, headers=etag(row.version))


@post("/v1/servers/{server:uuid}/start", name="start_server", status_code=202)
async def start_server(
    request: Asking, server: FromPath[UUID], region: NamedDependency[Region]
) -> Response[bytes]:
    """Start a server that is stopped."""
    return await _power(request, region, server, "running")


@post("/v1/servers/{server:uuid}/stop", name="stop_server", status_code=202)
async def stop_server(
    request: Asking, server: FromPath[UUID], region: NamedDependency[Region]
) -> Response[bytes]:
    """Have the guest shut down; one that does not listen is cut off."""
    return await _power(request, region, server, "stopped")


@delete("/v1/servers/{server:uuid}", name="delete_server", status_code=202)
async def delete_server(
    request: Asking, server: FromPath[UUID], region: NamedDependency[Region], reason: Why = ""
) -> Response[bytes]:
    """Stop a server and remove it from its hypervisor; then all that it holds is given back."""
    try:
        visible(request, region, server)
    except NotFound:
        # Asked again under its key, it is answered as it was, though nothing is there any more.
        if (known := await answered(region, request)) is None:
            raise
        accepted = told(known, OperationAccepted)
        return await ended_or_accepted(region, request, known, accepted.operation)
    command = DeleteServer(
        server=server, operation=region.new_id(), deadline=region.deadline(), reason=reason
    )
    answer = await ask(region, request, command)
    accepted = told(answer, OperationAccepted)
    return await ended_or_accepted(region, request, answer, accepted.operation)


async def _power(
    request: Asking, region: Region, server: UUID, to: Literal["running", "stopped"]
) -> Response[bytes]:
    asked = await body.read(request, WhyBody)
    visible(request, region, server)
    command = PowerServer(
        server=server,
        to=to,
        operation=region.new_id(),
        deadline=region.deadline(),
        reason=asked.reason,
    )
    answer = await ask(region, request, command)
    accepted = told(answer, OperationAccepted)
    return await ended_or_accepted(region, request, answer, accepted.operation)


def visible(request: Asking, region: Region, server: UUID) -> ServerRow:
    """A server that the caller may see, and that is not deleted. Raises NotFound."""
    return _seen(request, server, region.readside.server(server))


def _seen(request: Asking, server: UUID, row: ServerRow | None) -> ServerRow:
    """The same, of one that was looked up. Raises NotFound."""
    if row is None or row.state.power == "gone":
        raise NotFound(what="server", id=str(server))
    must_see(actor_of(request), row.state.project, what="server", id=str(server))
    return row


def _listed_then(past: Past, values: dict[str, Any]) -> list[ServerView]:
    rows = past.servers(**values)
    groups = groups_then(past, rows)
    return [view_server(row, groups) for row in rows]
