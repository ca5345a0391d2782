"""/v1/servers: build, list, show, start, stop, delete."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from adapters.http import body, paging
from adapters.http.asking import Asking, actor_of, answered, ask, etag, told
from adapters.http.body import BodyInvalid
from adapters.http.ending import ended_or_accepted
from adapters.http.fields import (
    PRINTABLE,
    After,
    HostQuery,
    Name,
    Project,
    ProjectQuery,
    Reason,
    Traits,
    Why,
)
from adapters.http.flavors import sees
from adapters.http.policy import must_see, shown_project
from adapters.http.region import Region
from adapters.http.waiting import reach, reach_tables
from adapters.readside.tables import server_row
from commands.build_server import BuildAccepted, BuildServer
from commands.delete_server import DeleteServer
from commands.power_server import OperationAccepted, PowerServer
from domain.envelope import Envelope
from domain.errors import NotFound
from domain.flavor import Flavor
from domain.request_spec import RequestSpec
from domain.server import Autoscaling, Drift, Operation, Power
from domain.size import GuestView, Size
from projections import servers
from projections.servers import ServerRow

Hinted = Annotated[str, msgspec.Meta(min_length=1, max_length=255, pattern=PRINTABLE)]
_Hint = Annotated[str, msgspec.Meta(max_length=255, pattern=r"^[^\x00-\x1f\x7f]*$(?!\n)")]
Hints = Annotated[dict[Hinted, _Hint], msgspec.Meta(max_length=32)]


class BuildBody(body.Body, frozen=True, kw_only=True):
    """``project`` is needed of those who see all projects. ``traits`` a host must have beside
    those that flavor and image ask for; ``hints`` are kept with the request."""

    name: Name
    flavor: Name
    image: Name
    project: Project | None = None
    zone: Name | None = None
    pool: Name = "default"
    traits: Traits = ()
    group: UUID | None = None
    hints: Hints = msgspec.field(default_factory=dict)
    reason: Reason = ""


class WhyBody(body.Body, frozen=True, kw_only=True):
    reason: Reason = ""


class ServerView(body.Body, frozen=True, kw_only=True):
    """Three numbers: ``requested``; ``size``, which the hypervisor allocates; ``guest``, which the
    guest says it has. ``seen_by_guest``: whether it followed the last change, if it tells."""

    id: UUID
    name: str
    project: str
    host: str
    power: Power
    requested: Size
    size: Size
    guest: GuestView
    seen_by_guest: bool | None
    ceiling: Size | None
    scalable: bool
    envelope: Envelope
    flavor: str | None
    image: str | None
    operation: Operation | None
    drift: Drift | None
    autoscaling: Autoscaling | None
    version: int


class RequestSpecView(body.Body, frozen=True, kw_only=True):
    """How the server was asked for, as every later placement respects it."""

    server: UUID
    spec: RequestSpec


@post("/v1/servers", name="build_server", status_code=202)
async def build_server(request: Asking, region: NamedDependency[Region]) -> Response[bytes]:
    """Build a server: quota, host and request spec are decided at once, the VM follows."""
    asked = await body.read(request, BuildBody)
    _must_see_flavor(request, region, asked.flavor)
    command = BuildServer(
        server=region.new_id(),
        project=_project(request, asked),
        name=asked.name,
        flavor=asked.flavor,
        image=asked.image,
        operation=region.new_id(),
        deadline=region.deadline(),
        traits=tuple(asked.traits),
        zone=asked.zone or "",
        pool=asked.pool,
        group=asked.group,
        hints=asked.hints,
        reason=asked.reason,
    )
    answer = await ask(region, request, command)
    return await ended_or_accepted(region, request, answer, told(answer, BuildAccepted).operation)


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
    return paging.page(request, [view_server(row) for row in rows], limit, lambda row: row.id)


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
    return Response(view_server(row), headers=etag(row.version))


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
    row = region.server(server)
    must_see(actor_of(request), row.state.project, what="server", id=str(server))
    if row.state.power == "gone":
        raise NotFound(what="server", id=str(server))
    return row


def _project(request: Asking, asked: BuildBody) -> str:
    """Raises BodyInvalid, and NotFound for another's project."""
    actor = actor_of(request)
    project = asked.project or actor.home
    if project is None:
        raise BodyInvalid("The field 'project' is needed: this token is of no project.")
    must_see(actor, project, what="project", id=project)
    return project


def _must_see_flavor(request: Asking, region: Region, flavor: str) -> None:
    """One that is not public is absent for who has no access to it. Raises NotFound."""
    known = region.readside.models.catalogue.get(Flavor, flavor)
    if known and not sees(actor_of(request), known.state):
        raise NotFound(what="flavor", id=flavor)


def view_server(row: ServerRow) -> ServerView:
    state = row.state
    return ServerView(
        id=row.id,
        name=state.name,
        project=state.project,
        host=state.host,
        power=state.power,
        requested=state.requested,
        size=state.size,
        guest=state.guest,
        seen_by_guest=state.seen_by_guest,
        ceiling=state.ceiling,
        scalable=state.scalable,
        envelope=state.envelope,
        flavor=state.spec.flavor.id if state.spec.flavor else None,
        image=state.spec.image.id if state.spec.image else None,
        operation=state.operation,
        drift=state.drift,
        autoscaling=state.autoscaling,
        version=row.version,
    )
