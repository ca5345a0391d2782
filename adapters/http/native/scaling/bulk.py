"""/v1/scales: many servers by one request."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response

from adapters.http.gateway import body
from adapters.http.gateway.dispatch import Asking, actor_of, ask, told
from adapters.http.gateway.parts.context import Context
from adapters.http.gateway.policy import must_be_let_consent, only_project
from adapters.http.native.fields import Reason, SizeBody
from adapters.http.native.problems import document
from adapters.http.native.routes import post
from adapters.http.native.scaling.scaling import PlanVersion
from commands.engine.sequencer import Sequencer
from commands.scaling.scale_server import ScaleAccepted
from commands.scaling.scale_servers import OneScale, ScaleAnswer, ScalesAnswered, ScaleServers
from domain.server import Consent

_MOST = 200


class ServerScaleBody(SizeBody, frozen=True, kw_only=True):
    """One of them; see the scale of one server."""

    server: UUID
    consent: Consent = "live"
    plan: PlanVersion | None = None


class ScalesBody(body.Body, frozen=True, kw_only=True):
    """Each is decided as if those before it had been asked for already. ``all_or_nothing``: the
    first that is refused refuses all."""

    scales: Annotated[list[ServerScaleBody], msgspec.Meta(min_length=1, max_length=_MOST)]
    all_or_nothing: bool = False
    reason: Reason = ""


class ServerScaleView(msgspec.Struct, frozen=True, kw_only=True):
    """Either it was ``accepted``, or a ``problem`` says why not."""

    server: UUID
    accepted: ScaleAccepted | None
    problem: dict[str, Any] | None


class ScalesView(msgspec.Struct, frozen=True, kw_only=True):
    """In the order in which they were asked."""

    scales: list[ServerScaleView]


@post("/v1/scales", may="change", status=200)
async def scale_servers(
    request: Asking, asked: ScalesBody, context: Context, sequencer: Sequencer
) -> Response[ScalesView]:
    """Ask for other sizes of many servers: 200 with what each was answered, each accepted one an
    operation of its own. Another project's servers are answered as absent."""
    actor = actor_of(request)
    for one in asked.scales:
        must_be_let_consent(actor, one.consent)
    command = ScaleServers(
        scales=[_scale(context, one) for one in asked.scales],
        deadline=context.deadline(),
        project=only_project(actor),
        all_or_nothing=asked.all_or_nothing,
        reason=asked.reason,
    )
    answer = await ask(sequencer, request, command)
    view = ScalesView(scales=[_view(one) for one in told(answer, ScalesAnswered).scales])
    return Response(view, headers={"ullage-position": str(answer.position)})


def _scale(context: Context, one: ServerScaleBody) -> OneScale:
    return OneScale(
        server=one.server,
        to=one.size(),
        operation=context.new_id(),
        consent=one.consent,
        plan=one.plan,
    )


def _view(one: ScaleAnswer) -> ServerScaleView:
    return ServerScaleView(
        server=one.server,
        accepted=one.accepted,
        problem=document(one.refused) if one.refused else None,
    )
