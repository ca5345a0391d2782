"""/v1/drift: what somebody else did to servers, and what an operator does about it."""

from __future__ import annotations

from uuid import UUID

from litestar.params import FromPath

from adapters.http.gateway import body
from adapters.http.gateway.dispatch import Asking, actor_of
from adapters.http.gateway.parts.context import Context
from adapters.http.gateway.parts.reads import Reads
from adapters.http.gateway.policy import sees
from adapters.http.native.fields import After, Reason, WhyBody
from adapters.http.native.routes import get, post
from adapters.http.native.visible import visible
from commands.command import Command
from commands.drift.adopt_drift import AdoptDrift, DriftTaken
from commands.drift.reapply import Reapply
from commands.ledger.accepted import OperationAccepted
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


@get("/v1/drift", may="see", heavy=True)
async def list_drift(request: Asking, reads: Reads, after: After = None) -> list[DriftView]:
    """Every server that differs from the books, by id."""
    await reads.reach(after)
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
        for row in reads.models.servers.drifted()
        if row.state.drift and sees(actor, row.state.project)
    ]


@post("/v1/servers/{server:uuid}/drift/adopt", may="operate", status=200, reply=DriftTaken)
async def adopt_drift(
    request: Asking, server: FromPath[UUID], asked: AdoptDriftBody, reads: Reads
) -> Command:
    """Take what was seen into the books."""
    visible(request, reads, server)
    return AdoptDrift(server=server, force=asked.force, reason=asked.reason)


@post(
    "/v1/servers/{server:uuid}/drift/reapply",
    may="operate",
    status=202,
    reply=OperationAccepted,
    ends=True,
)
async def reapply_drift(
    request: Asking, server: FromPath[UUID], asked: WhyBody, context: Context, reads: Reads
) -> Command:
    """Bring the server back, live, to what is in the books."""
    visible(request, reads, server)
    return Reapply(
        server=server,
        operation=context.new_id(),
        deadline=context.deadline(),
        reason=asked.reason,
    )
