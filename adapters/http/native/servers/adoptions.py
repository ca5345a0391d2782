"""/v1/adoptions: taking a VM that is there already into the books."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, post
from litestar.di import NamedDependency

from adapters.http.gateway import body
from adapters.http.gateway.dispatch import Asking, answered, ask, etag
from adapters.http.gateway.region import Region
from adapters.http.gateway.waiting import reach
from adapters.http.native.fields import Name, Project, Reason, SizeBody
from adapters.http.native.servers.server_view import ServerView, view_server
from commands.servers.adopt_server import AdoptServer


class AdoptBody(body.Body, frozen=True, kw_only=True):
    """``host`` is one of the region's hosts, by name or by URI; ``server`` the VM's UUID there.
    ``user``: whose it is; nobody's in particular, if it is not given."""

    host: Name
    server: UUID
    project: Project
    ceiling: SizeBody | None = None
    user: Name | None = None
    reason: Reason = ""


@post("/v1/adoptions", name="adopt_server", status_code=201)
async def adopt_server(request: Asking, region: NamedDependency[Region]) -> Response[ServerView]:
    """Take a running VM into the books as its hypervisor shows it, under its project's quota."""
    asked = await body.read(request, AdoptBody)
    # Asked again, it is answered as it was, whatever has become of the VM since.
    answer = await answered(region, request) or await ask(
        region, request, await _adoption(region, asked)
    )
    row = await region.adopted(asked.server, answer.position)
    await reach(region.readside, answer.position)
    headers = {"location": f"/v1/servers/{row.id}", "ullage-position": str(answer.position)}
    return Response(view_server(row), status_code=201, headers=headers | etag(row.version))


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
        power=found.state,
        ceiling=asked.ceiling.size() if asked.ceiling else None,
        reason=asked.reason,
        user=asked.user or "",
    )
