"""/v1/servers/{id}/plan and /scale: what another size would take, and asking for it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath

from adapters.http.gateway import body
from adapters.http.gateway.dispatch import Asking, actor_of, ask, reply, told
from adapters.http.gateway.policy import must_be_let_consent
from adapters.http.gateway.region import Region
from adapters.http.gateway.waiting import reach
from adapters.http.native.ending import ended_or_accepted
from adapters.http.native.fields import After, MemoryMibQuery, Reason, SizeBody, VcpusQuery
from adapters.http.native.problems import problem
from adapters.http.native.servers.servers import visible
from adapters.readside.hosts import HostsSeen
from adapters.texts import PLAN
from commands.ledger.region_policy import closed_by
from commands.scaling.declare_ceiling import DeclareCeiling
from commands.scaling.flag_server import FlagServer
from commands.scaling.scale_server import ScaleAccepted, ScaleServer
from domain.catalogue.region_policy import POLICY, RegionPolicy
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
    """``nearest``: what would be accepted now, live, nearest to what was asked."""

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
    nearest: Size
    version: str


@post("/v1/servers/{server:uuid}/scale", name="scale_server", status_code=202)
async def scale_server(
    request: Asking, server: FromPath[UUID], region: NamedDependency[Region]
) -> Response[bytes]:
    """Ask for another size. 202 with the operation; with ``Prefer: wait=N``, 200 if it ends."""
    asked = await body.read(request, ScaleBody)
    visible(request, region, server)
    must_be_let_consent(actor_of(request), asked.consent)
    command = ScaleServer(
        server=server,
        to=asked.size(),
        operation=region.new_id(),
        deadline=region.deadline(),
        reason=asked.reason,
        consent=asked.consent,
        plan=asked.plan,
    )
    answer = await ask(region, request, command)
    return await ended_or_accepted(region, request, answer, told(answer, ScaleAccepted).operation)


@get("/v1/servers/{server:uuid}/plan", name="plan_scale")
async def plan_scale(
    request: Asking,
    server: FromPath[UUID],
    region: NamedDependency[Region],
    vcpus: VcpusQuery,
    memory_mib: MemoryMibQuery,
    after: After = None,
) -> PlanView:
    """What a scale would take, and what would work instead; no hypervisor is asked."""
    await reach(region.readside, after)
    row = visible(request, region, server)
    return _view(row, planned(region, row, Size(vcpus, memory_mib)))


def planned(region: Region, row: ServerRow, to: Size) -> Plan:
    models = region.readside.models
    policy = models.catalogue.get(RegionPolicy, POLICY)
    return plan(
        row.state,
        models.limits.path(row.state.project, row.state.user),
        to=to,
        hosts=HostsSeen(models, row.id),
        closed=closed_by(policy.state if policy else RegionPolicy(), row.state),
        version=row.version,
    )


@put("/v1/servers/{server:uuid}/ceiling", name="declare_ceiling")
async def declare_ceiling(
    request: Asking, server: FromPath[UUID], region: NamedDependency[Region]
) -> Response[bytes]:
    """Declare the most that a server may have."""
    asked = await body.read(request, CeilingBody)
    visible(request, region, server)
    ceiling = asked.ceiling.size() if asked.ceiling else None
    command = DeclareCeiling(server=server, ceiling=ceiling, reason=asked.reason)
    return reply(await ask(region, request, command))


@put("/v1/servers/{server:uuid}/scalable", name="flag_server")
async def flag_server(
    request: Asking, server: FromPath[UUID], region: NamedDependency[Region]
) -> Response[bytes]:
    """Say whether a server may be scaled; region, flavor and image must allow it as well."""
    asked = await body.read(request, ScalableBody)
    visible(request, region, server)
    command = FlagServer(server=server, scalable=asked.scalable, reason=asked.reason)
    return reply(await ask(region, request, command))


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
    return Obstacle(type=problem(refused).type, detail=str(refused))
