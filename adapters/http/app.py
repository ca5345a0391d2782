"""The Litestar application: routes, guards, problems, and the door around it all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import structlog
from litestar import Litestar, Request, Response
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig

from adapters.http import (
    health,
    history,
    operations,
    operators,
    outcomes,
    quotas,
    scaling,
    servers,
)
from adapters.http.body import LARGEST
from adapters.http.door import Door
from adapters.http.forwarding import Forwarding
from adapters.http.openapi import CompletedOpenAPI
from adapters.http.policy import POLICY, UNGUARDED, permit
from adapters.http.problems import STATUS, problem
from adapters.http.region import Region
from adapters.tokens import Tokens

ROUTES = (
    health.discover_versions,
    health.show_health,
    health.show_readiness,
    servers.adopt_server,
    servers.list_servers,
    servers.show_server,
    servers.declare_ceiling,
    scaling.scale_server,
    scaling.plan_scale,
    operations.list_operations,
    operations.show_operation,
    operations.resolve_operation,
    quotas.show_quota,
    quotas.set_quota,
    quotas.show_limits,
    history.list_history,
    operators.list_hosts,
    operators.list_lanes,
    operators.list_projections,
    operators.rebuild_projection,
    operators.show_metrics,
    outcomes.report_outcomes,
)

_log = structlog.get_logger("ullage.http")


def build(region: Region, tokens: Tokens) -> Door:
    """The whole HTTP interface as one ASGI application."""
    if open_to_all := {route.name for route in ROUTES} - POLICY.keys() - UNGUARDED:
        raise LookupError(f"routes without a row in the policy: {open_to_all}")
    sequencer = region.sequencer
    forwarding = Forwarding(leads=lambda: sequencer.role == "leading", leader=region.leader)

    @asynccontextmanager
    async def closing(_: Litestar) -> AsyncIterator[None]:
        yield
        await forwarding.close()

    inner = Litestar(
        list(ROUTES),
        guards=[permit],
        dependencies={"region": Provide(lambda: region, sync_to_thread=False)},
        exception_handlers={Exception: _problem, HTTPException: _problem},
        openapi_config=OpenAPIConfig(
            title="Ullage",
            version="1",
            path="/v1",
            render_plugins=[CompletedOpenAPI()],
            operation_id_creator=lambda handler, _method, _path: str(handler.name),
        ),
        lifespan=[closing],
        request_max_body_size=LARGEST,
        logging_config=None,
    )
    return Door(inner, tokens=tokens, forwarding=forwarding, metrics=region.metrics)


def _problem(request: Request[Any, Any, Any], exception: Exception) -> Response[bytes]:
    if type(exception) not in STATUS and not isinstance(exception, HTTPException):
        _log.error("unforeseen", path=request.url.path, exc_info=exception)
    answer = problem(exception)
    given = exception.headers if isinstance(exception, HTTPException) else None
    headers = {k: v for k, v in answer.headers.items() if k != "content-type"} | (given or {})
    return Response(
        answer.body,
        status_code=answer.status,
        headers=headers,
        media_type=answer.headers["content-type"],
    )
