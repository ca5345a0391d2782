"""/v1/servers/{id}/autoscaling and /recommendations: an autoscaler's rules, and its word."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath

from adapters.http.gateway import body
from adapters.http.gateway.dispatch import Asking, ask, etag, expected_version, reply, told
from adapters.http.gateway.region import Region
from adapters.http.gateway.waiting import reach
from adapters.http.native.fields import After, Reason, SizeBody, Why
from adapters.http.native.problems import document
from adapters.http.native.servers.servers import visible
from commands.scaling.recommend import Recommend, Recommended
from commands.scaling.set_autoscaling import AutoscalingRecorded, SetAutoscaling
from domain.scaling.recommendation import LONGEST_COOL_DOWN, RecommendationAnswer
from domain.server import Autoscaling, FailedTo
from domain.shared.size import Size

_Percent = Annotated[int, msgspec.Meta(ge=0, le=99, description="Percent of what it has.")]
_Seconds = Annotated[int, msgspec.Meta(ge=0, le=LONGEST_COOL_DOWN, description="Seconds.")]


class AutoscalingBody(body.Body, frozen=True, kw_only=True):
    """Recommendations are brought within ``least`` and ``most``; what is less than the dead band
    away in each dimension is not done; after one that was, the next waits for the cool-down."""

    least: SizeBody
    most: SizeBody
    dead_band_percent: _Percent = 10
    cool_down_seconds: _Seconds = 300
    reason: Reason = ""


class RecommendationBody(SizeBody, frozen=True, kw_only=True):
    reason: Reason = ""


class AutoscalingView(msgspec.Struct, frozen=True, kw_only=True):
    """``autoscaling`` null: no recommendations are taken. ``cool_until`` (UTC): none is followed
    before. ``failed``: the size that its hypervisor refused last, while nothing has changed."""

    server: UUID
    autoscaling: Autoscaling | None
    cool_until: datetime | None
    failed: FailedTo | None
    version: int


class RecommendationView(msgspec.Struct, frozen=True, kw_only=True):
    """``to`` is what was recommended, brought within the bounds if ``bounded``. ``until`` (UTC):
    when to recommend again; null: nobody knows. ``nearest`` would be accepted instead.
    ``cached``: refused before, and nothing has changed since."""

    server: UUID
    answer: RecommendationAnswer
    to: Size
    bounded: bool
    operation: UUID | None
    until: datetime | None
    reason: str | None
    problem: dict[str, Any] | None
    nearest: Size | None
    cached: bool


@get("/v1/servers/{server:uuid}/autoscaling", name="show_autoscaling")
async def show_autoscaling(
    request: Asking,
    server: FromPath[UUID],
    region: NamedDependency[Region],
    after: After = None,
) -> Response[AutoscalingView]:
    """The rules by which recommendations for a server are taken."""
    await reach(region.readside, after)
    row = visible(request, region, server)
    view = AutoscalingView(
        server=server,
        autoscaling=row.state.autoscaling,
        cool_until=row.state.cool_until,
        failed=row.state.failed,
        version=row.version,
    )
    return Response(view, headers=etag(row.version))


@put("/v1/servers/{server:uuid}/autoscaling", name="set_autoscaling")
async def set_autoscaling(
    request: Asking, server: FromPath[UUID], region: NamedDependency[Region]
) -> Response[bytes]:
    """Have recommendations for a server taken, by these rules."""
    asked = await body.read(request, AutoscalingBody)
    visible(request, region, server)
    rules = Autoscaling(
        least=asked.least.size(),
        most=asked.most.size(),
        dead_band_percent=asked.dead_band_percent,
        cool_down_seconds=asked.cool_down_seconds,
    )
    command = SetAutoscaling(
        server=server,
        autoscaling=rules,
        expected=expected_version(request),
        reason=asked.reason,
    )
    answer = await ask(region, request, command)
    return reply(answer, headers=etag(told(answer, AutoscalingRecorded).version))


@delete("/v1/servers/{server:uuid}/autoscaling", name="unset_autoscaling")
async def unset_autoscaling(
    request: Asking, server: FromPath[UUID], region: NamedDependency[Region], reason: Why = ""
) -> Response[None]:
    """Take no recommendations for a server any more."""
    visible(request, region, server)
    command = SetAutoscaling(
        server=server, autoscaling=None, expected=expected_version(request), reason=reason
    )
    answer = await ask(region, request, command)
    headers = {"ullage-position": str(answer.position)}
    return Response(None, status_code=204, headers=headers)


@post("/v1/servers/{server:uuid}/recommendations", name="recommend_size", status_code=200)
async def recommend_size(
    request: Asking, server: FromPath[UUID], region: NamedDependency[Region]
) -> Response[RecommendationView]:
    """Recommend a size: it is asked for, live, if the rules allow it, and answered in any case."""
    asked = await body.read(request, RecommendationBody)
    visible(request, region, server)
    command = Recommend(
        server=server,
        size=asked.size(),
        now=region.now(),
        operation=region.new_id(),
        deadline=region.deadline(),
        reason=asked.reason,
    )
    answer = await ask(region, request, command)
    headers = {"ullage-position": str(answer.position)}
    return Response(_view(told(answer, Recommended)), headers=headers)


def _view(reply: Recommended) -> RecommendationView:
    made = reply.recommendation
    return RecommendationView(
        server=reply.server,
        answer=made.answer,
        to=made.to,
        bounded=made.bounded,
        operation=reply.operation,
        until=made.until,
        reason=made.reason or None,
        problem=document(made.refused) if made.refused else None,
        nearest=made.nearest,
        cached=made.cached,
    )
