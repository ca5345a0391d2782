"""/v1/adoptions: taking a VM that is there already into the books."""

from __future__ import annotations

from uuid import UUID

from litestar import Response

from adapters.http.gateway import body
from adapters.http.gateway.dispatch import Asking, answered, ask, etag
from adapters.http.gateway.parts.hypervisors import Hypervisors
from adapters.http.gateway.parts.reads import Reads
from adapters.http.native.fields import Name, Project, Reason, SizeBody
from adapters.http.native.routes import post
from adapters.http.native.servers.server_view import ServerView, view_server
from commands.engine.sequencer import Sequencer
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


@post("/v1/adoptions", may="operate")
async def adopt_server(
    request: Asking, asked: AdoptBody, reads: Reads, sequencer: Sequencer, hypervisors: Hypervisors
) -> Response[ServerView]:
    """Take a running VM into the books as its hypervisor shows it, under its project's quota."""
    # Asked again, it is answered as it was, whatever has become of the VM since.
    answer = await answered(reads, request) or await ask(
        sequencer, request, await _adoption(hypervisors, asked)
    )
    row = await reads.adopted(asked.server, answer.position)
    await reads.reach(answer.position)
    headers = {"location": f"/v1/servers/{row.id}", "ullage-position": str(answer.position)}
    return Response(view_server(row), status_code=201, headers=headers | etag(row.version))


async def _adoption(hypervisors: Hypervisors, asked: AdoptBody) -> AdoptServer:
    host = hypervisors.name(asked.host)
    found = await hypervisors.inspect(host, asked.server)
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
