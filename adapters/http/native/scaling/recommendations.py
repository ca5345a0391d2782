"""/v1/servers/{id}/autoscaling and /recommendations: an autoscaler's rules, and its word."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response
from litestar.params import FromPath

from adapters.http.gateway import body
from adapters.http.gateway.dispatch import Asking, ask, etag, expected_version, told
from adapters.http.gateway.parts.context import Context
from adapters.http.gateway.parts.reads import Reads
from adapters.http.native.fields import After, Reason, SizeBody, Why
from adapters.http.native.problems import document
from adapters.http.native.routes import delete, get, post, put
from adapters.http.native.visible import visible
from commands.command import Command
from commands.engine.sequencer import Sequencer
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


@get("/v1/servers/{server:uuid}/autoscaling", may="see")
async def show_autoscaling(
    request: Asking, server: FromPath[UUID], reads: Reads, after: After = None
) -> Response[AutoscalingView]:
    """The rules by which recommendations for a server are taken."""
    await reads.reach(after)
    row = visible(request, reads, server)
    view = AutoscalingView(
        server=server,
        autoscaling=row.state.autoscaling,
        cool_until=row.state.cool_until,
        failed=row.state.failed,
        version=row.version,
    )
    return Response(view, headers=etag(row.version))


@put("/v1/servers/{server:uuid}/autoscaling", may="change", reply=AutoscalingRecorded)
async def set_autoscaling(
    request: Asking, server: FromPath[UUID], asked: AutoscalingBody, reads: Reads
) -> Command:
    """Have recommendations for a server taken, by these rules."""
    visible(request, reads, server)
    rules = Autoscaling(
        least=asked.least.size(),
        most=asked.most.size(),
        dead_band_percent=asked.dead_band_percent,
        cool_down_seconds=asked.cool_down_seconds,
    )
    return SetAutoscaling(
        server=server,
        autoscaling=rules,
        expected=expected_version(request),
        reason=asked.reason,
    )


@delete("/v1/servers/{server:uuid}/autoscaling", may="change", status=204)
async def unset_autoscaling(
    request: Asking, server: FromPath[UUID], reads: Reads, reason: Why = ""
) -> Command:
    """Take no recommendations for a server any more."""
    visible(request, reads, server)
    return SetAutoscaling(
        server=server, autoscaling=None, expected=expected_version(request), reason=reason
    )


@post("/v1/servers/{server:uuid}/recommendations", may="change", status=200)
async def recommend_size(
    request: Asking,
    server: FromPath[UUID],
    asked: RecommendationBody,
    context: Context,
    reads: Reads,
    sequencer: Sequencer,
) -> Response[RecommendationView]:
    """Recommend a size: it is asked for, live, if the rules allow it, and answered in any case."""
    visible(request, reads, server)
    command = Recommend(
        server=server,
        size=asked.size(),
        now=context.now(),
        operation=context.new_id(),
        deadline=context.deadline(),
        reason=asked.reason,
    )
    answer = await ask(sequencer, request, command)
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
