"""/v1/drift: what somebody else did to servers, and what an operator does about it."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from adapters.http.gateway import body
from adapters.http.gateway.dispatch import Asking, actor_of, ask, reply, told
from adapters.http.gateway.policy import sees
from adapters.http.gateway.region import Region
from adapters.http.gateway.waiting import reach
from adapters.http.native.ending import ended_or_accepted
from adapters.http.native.fields import After, Reason
from adapters.http.native.servers.servers import WhyBody, visible
from commands.drift.adopt_drift import AdoptDrift
from commands.drift.reapply import Reapply
from commands.servers.power_server import OperationAccepted
from domain.server import Seen
from domain.shared.size import Size


class DriftView(body.Body, frozen=True, kw_only=True):
    """``recorded`` stands in the books; ``seen`` is what its hypervisor told, null: nothing."""

    server: UUID
    name: str
    project: str
    host: str
    recorded: Size
    seen: Seen | None
    version: int


class AdoptDriftBody(body.Body, frozen=True, kw_only=True):
    """``force``: also where the project is above its quota by it."""

    force: bool = False
    reason: Reason = ""


@get("/v1/drift", name="list_drift")
async def list_drift(
    request: Asking, region: NamedDependency[Region], after: After = None
) -> list[DriftView]:
    """Every server that differs from the books, by id."""
    await reach(region.readside, after)
    actor = actor_of(request)
    return [
        DriftView(
            server=row.id,
            name=row.state.name,
            project=row.state.project,
            host=row.state.host,
            recorded=row.state.size,
            seen=row.state.drift.seen,
            version=row.version,
        )
        for row in region.readside.models.servers.drifted()
        if row.state.drift and sees(actor, row.state.project)
    ]


@post("/v1/servers/{server:uuid}/drift/adopt", name="adopt_drift", status_code=200)
async def adopt_drift(
    request: Asking, server: FromPath[UUID], region: NamedDependency[Region]
) -> Response[bytes]:
    """Take what was seen into the books."""
    asked = await body.read(request, AdoptDriftBody)
    visible(request, region, server)
    command = AdoptDrift(server=server, force=asked.force, reason=asked.reason)
    return reply(await ask(region, request, command))


@post("/v1/servers/{server:uuid}/drift/reapply", name="reapply_drift", status_code=202)
async def reapply_drift(
    request: Asking, server: FromPath[UUID], region: NamedDependency[Region]
) -> Response[bytes]:
    """Bring the server back, live, to what is in the books."""
    asked = await body.read(request, WhyBody)
    visible(request, region, server)
    command = Reapply(
        server=server,
        operation=region.new_id(),
        deadline=region.deadline(),
        reason=asked.reason,
    )
    answer = await ask(region, request, command)
    accepted = told(answer, OperationAccepted)
    return await ended_or_accepted(region, request, answer, accepted.operation)
