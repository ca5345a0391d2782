"""/v1/servers/{id}/plan and /scale: what another size would take, and asking for it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from adapters.http import body
from adapters.http.asking import Asking, ask, reply, told
from adapters.http.fields import After, MemoryMibQuery, Reason, VcpusQuery
from adapters.http.operations import view_operation
from adapters.http.problems import problem
from adapters.http.region import Region
from adapters.http.servers import SizeBody, visible
from adapters.http.waiting import preferred_wait, reach
from commands.scale_server import ScaleAccepted, ScaleServer
from domain.plan import Mode, Plan, Step, plan
from domain.resources import Amounts
from domain.size import Size
from projections.servers import ServerRow


class ScaleBody(SizeBody, frozen=True, kw_only=True):
    reason: Reason = ""


class Obstacle(body.Body, frozen=True, kw_only=True):
    """What stands against a plan, as the scale itself would refuse it."""

    type: str
    detail: str


class PlanView(body.Body, frozen=True, kw_only=True):
    """``nearest``: what would be accepted now, nearest to what was asked."""

    server: UUID
    mode: Mode
    was: Size
    to: Size
    steps: list[Step]
    obstacles: list[Obstacle]
    used: Amounts
    used_after: Amounts
    limits: Amounts
    nearest: Size
    version: int


@post("/v1/servers/{server:uuid}/scale", name="scale_server", status_code=202)
async def scale_server(
    request: Asking, server: FromPath[UUID], region: NamedDependency[Region]
) -> Response[Any]:
    """Ask for another size. 202 with the operation; with ``Prefer: wait=N``, 200 if it ends."""
    asked = await body.read(request, ScaleBody)
    visible(request, region, server)
    command = ScaleServer(
        server=server,
        to=asked.size(),
        operation=region.new_id(),
        deadline=region.deadline(),
        reason=asked.reason,
    )
    answer = await ask(region, request, command)
    operation = told(answer, ScaleAccepted).operation
    where = {"location": f"/v1/operations/{operation}"}
    if wait := preferred_wait(request.headers.get("prefer")):
        row = await region.operation(operation)
        if not row.has_ended:
            row = await region.readside.ends(operation, wait) or row
        if row.has_ended:
            applied = {"preference-applied": f"wait={wait:.0f}"}
            return Response(view_operation(row), status_code=200, headers=where | applied)
    return reply(answer, 202, where)


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
    limits = region.readside.models.limits
    made = plan(
        row.state,
        limits.quota(row.state.project),
        defaults=limits.defaults,
        to=Size(vcpus, memory_mib),
    )
    return _view(row, made)


def _view(row: ServerRow, made: Plan) -> PlanView:
    return PlanView(
        server=row.id,
        mode=made.mode,
        was=made.was,
        to=made.to,
        steps=made.steps,
        obstacles=[_obstacle(refused) for refused in made.obstacles],
        used=made.used,
        used_after=made.used_after,
        limits=made.limits,
        nearest=made.nearest,
        version=row.version,
    )


def _obstacle(refused: Exception) -> Obstacle:
    return Obstacle(type=problem(refused).type, detail=str(refused))
