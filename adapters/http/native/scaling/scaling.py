"""/v1/servers/{id}/plan and /scale: what another size would take, and asking for it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from litestar.params import FromPath

from adapters.http.gateway import body
from adapters.http.gateway.dispatch import Asking, actor_of
from adapters.http.gateway.parts.context import Context
from adapters.http.gateway.parts.reads import Reads
from adapters.http.gateway.policy import must_be_let_consent
from adapters.http.native.fields import After, MemoryMibQuery, Reason, SizeBody, VcpusQuery
from adapters.http.native.problems import type_of
from adapters.http.native.routes import get, post, put
from adapters.http.native.visible import visible
from adapters.readside.scales import scale_of
from adapters.texts import PLAN
from commands.command import Command
from commands.scaling.declare_ceiling import CeilingSet, DeclareCeiling
from commands.scaling.flag_server import FlagServer, FlagSet
from commands.scaling.scale_server import ScaleAccepted, ScaleServer
from domain.scaling.plan import Plan, PlannedMode, PlanStep, plan
from domain.server import Consent
from domain.shared.resources import Amounts
from domain.shared.size import Size
from projections.servers import ServerRow

PlanVersion = Annotated[str, msgspec.Meta(pattern=PLAN)]


class ScaleBody(SizeBody, frozen=True, kw_only=True):
    """``consent``: what may be done beside a live change, never more. ``plan``: the version of the
    plan that was decided on; if it would go otherwise now, it is refused."""

    consent: Consent = "live"
    plan: PlanVersion | None = None
    reason: Reason = ""


class CeilingBody(body.Body, frozen=True, kw_only=True):
    """``ceiling`` null: the server may not be scaled."""

    ceiling: SizeBody | None
    reason: Reason = ""


class ScalableBody(body.Body, frozen=True, kw_only=True):
    scalable: bool
    reason: Reason = ""


class Obstacle(body.Body, frozen=True, kw_only=True):
    """What stands against a plan, as the scale itself would refuse it."""

    type: str
    detail: str


class PlanView(body.Body, frozen=True, kw_only=True):
    """``nearest``: the size nearest to the one asked for that would be accepted now without any
    consent; null: there is none but the one that the server has."""

    server: UUID
    mode: PlannedMode
    to_host: str | None
    was: Size
    to: Size
    steps: list[PlanStep]
    obstacles: list[Obstacle]
    used: Amounts
    used_after: Amounts
    limits: Amounts
    nearest: Size | None
    version: str


@post("/v1/servers/{server:uuid}/scale", may="change", status=202, reply=ScaleAccepted, ends=True)
async def scale_server(
    request: Asking, server: FromPath[UUID], asked: ScaleBody, context: Context, reads: Reads
) -> Command:
    """Ask for another size. 202 with the operation; with ``Prefer: wait=N``, 200 if it ends."""
    visible(request, reads, server)
    must_be_let_consent(actor_of(request), asked.consent)
    return ScaleServer(
        server=server,
        to=asked.size(),
        operation=context.new_id(),
        deadline=context.deadline(),
        reason=asked.reason,
        consent=asked.consent,
        plan=asked.plan,
    )


@get("/v1/servers/{server:uuid}/plan", may="see")
async def plan_scale(
    request: Asking,
    server: FromPath[UUID],
    vcpus: VcpusQuery,
    memory_mib: MemoryMibQuery,
    reads: Reads,
    after: After = None,
) -> PlanView:
    """What a scale would take, and what would work instead; no hypervisor is asked."""
    await reads.reach(after)
    row = visible(request, reads, server)
    return _view(row, plan(scale_of(reads.models, row, Size(vcpus, memory_mib))))


@put("/v1/servers/{server:uuid}/ceiling", may="operate", reply=CeilingSet)
async def declare_ceiling(
    request: Asking, server: FromPath[UUID], asked: CeilingBody, reads: Reads
) -> Command:
    """Declare the most that a server may have."""
    visible(request, reads, server)
    ceiling = asked.ceiling.size() if asked.ceiling else None
    return DeclareCeiling(server=server, ceiling=ceiling, reason=asked.reason)


@put("/v1/servers/{server:uuid}/scalable", may="change", reply=FlagSet)
async def flag_server(
    request: Asking, server: FromPath[UUID], asked: ScalableBody, reads: Reads
) -> Command:
    """Say whether a server may be scaled; region, flavor and image must allow it as well."""
    visible(request, reads, server)
    return FlagServer(server=server, scalable=asked.scalable, reason=asked.reason)


def _view(row: ServerRow, made: Plan) -> PlanView:
    return PlanView(
        server=row.id,
        mode=made.mode,
        to_host=made.to_host,
        was=made.was,
        to=made.to,
        steps=made.steps,
        obstacles=[_obstacle(refused) for refused in made.obstacles],
        used=made.used,
        used_after=made.used_after,
        limits=made.limits,
        nearest=made.nearest,
        version=made.version,
    )


def _obstacle(refused: Exception) -> Obstacle:
    return Obstacle(type=type_of(refused), detail=str(refused))
