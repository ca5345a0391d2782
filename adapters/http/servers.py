"""/v1/servers: adopt, list, show, declare a ceiling."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath

from adapters.http import body, paging
from adapters.http.asking import Asking, actor_of, answered, ask, etag, reply
from adapters.http.fields import (
    After,
    HostQuery,
    MemoryMib,
    Name,
    Project,
    ProjectQuery,
    Reason,
    Vcpus,
)
from adapters.http.policy import must_see, shown_project
from adapters.http.region import Region
from adapters.http.waiting import reach, reach_tables
from adapters.readside.tables import server_row
from commands.adopt_server import AdoptServer
from commands.declare_ceiling import DeclareCeiling
from domain.envelope import Envelope
from domain.server import Operation
from domain.size import GuestView, Size
from projections import servers
from projections.servers import ServerRow


class SizeBody(body.Body, frozen=True, kw_only=True):
    vcpus: Vcpus
    memory_mib: MemoryMib

    def size(self) -> Size:
        return Size(self.vcpus, self.memory_mib)


class AdoptBody(body.Body, frozen=True, kw_only=True):
    """``host`` is one of the region's hosts, by name or by URI; ``server`` the VM's UUID there."""

    host: Name
    server: UUID
    project: Project
    ceiling: SizeBody | None = None
    reason: Reason = ""


class CeilingBody(body.Body, frozen=True, kw_only=True):
    """``ceiling`` null: the server may not be scaled."""

    ceiling: SizeBody | None
    reason: Reason = ""


class ServerView(body.Body, frozen=True, kw_only=True):
    """``size`` is what the hypervisor allocates, ``guest`` what the guest says it has."""

    id: UUID
    name: str
    project: str
    host: str
    size: Size
    guest: GuestView
    ceiling: Size | None
    envelope: Envelope
    operation: Operation | None
    version: int


@post("/v1/servers", name="adopt_server", status_code=201)
async def adopt_server(request: Asking, region: NamedDependency[Region]) -> Response[ServerView]:
    """Take a running VM into the books as its hypervisor shows it, under its project's quota."""
    asked = await body.read(request, AdoptBody)
    # Asked again, it is answered as it was, whatever has become of the VM since.
    answer = await answered(region, request) or await ask(
        region, request, await _adoption(region, asked)
    )
    row = await region.adopted(answer.position)
    await reach(region.readside, answer.position)
    headers = {"location": f"/v1/servers/{row.id}", "ullage-position": str(answer.position)}
    return Response(_view(row), status_code=201, headers=headers | etag(row.version))


async def _adoption(region: Region, asked: AdoptBody) -> AdoptServer:
    host = region.hosts.name(asked.host)
    found = await region.inspect(host, asked.server)
    return AdoptServer(
        server=asked.server,
        project=asked.project,
        name=found.name,
        host=host,
        size=found.allocated,
        envelope=found.envelope,
        guest=found.guest,
        ceiling=asked.ceiling.size() if asked.ceiling else None,
        reason=asked.reason,
    )


@get("/v1/servers", name="list_servers")
async def list_servers(
    request: Asking,
    region: NamedDependency[Region],
    after: After = None,
    project: ProjectQuery = None,
    host: HostQuery = None,
    limit: paging.Limit = 100,
    cursor: paging.Cursor = None,
) -> Response[paging.Page[ServerView]]:
    """Servers by id. Readers and members see those of their project."""
    await reach_tables(region.readside, after)
    values = {
        "project": shown_project(actor_of(request), project),
        "host": host,
        "after": paging.id_of(cursor),
        "limit": limit + 1,
    }
    rows = [server_row(row) for row in await region.select(servers.LIST, values)]
    return paging.page(request, [_view(row) for row in rows], limit, lambda row: row.id)


@get("/v1/servers/{server:uuid}", name="show_server")
async def show_server(
    request: Asking,
    server: FromPath[UUID],
    region: NamedDependency[Region],
    after: After = None,
) -> Response[ServerView]:
    """One server: what it has, what it may have, what is being done to it."""
    await reach(region.readside, after)
    row = visible(request, region, server)
    return Response(_view(row), headers=etag(row.version))


@put("/v1/servers/{server:uuid}/ceiling", name="declare_ceiling")
async def declare_ceiling(
    request: Asking, server: FromPath[UUID], region: NamedDependency[Region]
) -> Response[bytes]:
    """Declare the most that a server may have."""
    asked = await body.read(request, CeilingBody)
    region.server(server)
    ceiling = asked.ceiling.size() if asked.ceiling else None
    command = DeclareCeiling(server=server, ceiling=ceiling, reason=asked.reason)
    return reply(await ask(region, request, command))


def visible(request: Asking, region: Region, server: UUID) -> ServerRow:
    """A server that the caller may see. Raises NotFound."""
    row = region.server(server)
    must_see(actor_of(request), row.state.project, what="server", id=str(server))
    return row


def _view(row: ServerRow) -> ServerView:
    return ServerView(
        id=row.id,
        name=row.state.name,
        project=row.state.project,
        host=row.state.host,
        size=row.state.size,
        guest=row.state.guest,
        ceiling=row.state.ceiling,
        envelope=row.state.envelope,
        operation=row.state.operation,
        version=row.version,
    )
