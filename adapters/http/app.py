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

from adapters.http.compute import served
from adapters.http.compute.gateway import faults
from adapters.http.gateway import rules
from adapters.http.gateway.authentication import Authentication
from adapters.http.gateway.authorization import before, must_be_before_all
from adapters.http.gateway.body import LARGEST
from adapters.http.gateway.forwarding import Forwarding
from adapters.http.gateway.gateway import Gateway, refused
from adapters.http.gateway.policy import UNGUARDED
from adapters.http.gateway.region import Region
from adapters.http.native.catalogue import flavors, images
from adapters.http.native.openapi import CompletedOpenAPI
from adapters.http.native.operations import operations
from adapters.http.native.placement import hosts, server_groups
from adapters.http.native.problems import STATUS
from adapters.http.native.quotas import limits, quota_class, quota_tree, quotas
from adapters.http.native.record import history, quota_changes, usage
from adapters.http.native.region import health, operators, region_policy
from adapters.http.native.relays import observations, outcomes
from adapters.http.native.scaling import bulk, recommendations, resizing, scaling
from adapters.http.native.schedules import schedules, windows
from adapters.http.native.servers import adoptions, building, describing, drift, servers

ROUTES = (
    health.discover_versions,
    health.show_health,
    health.show_readiness,
    adoptions.adopt_server,
    building.build_server,
    servers.list_servers,
    servers.show_server,
    servers.show_request_spec,
    servers.start_server,
    servers.stop_server,
    servers.delete_server,
    describing.change_server,
    resizing.resize_server,
    resizing.confirm_resize,
    resizing.revert_resize,
    scaling.scale_server,
    scaling.plan_scale,
    scaling.declare_ceiling,
    scaling.flag_server,
    bulk.scale_servers,
    schedules.schedule_scale,
    schedules.list_schedules,
    schedules.show_schedule,
    schedules.change_schedule,
    schedules.cancel_schedule,
    recommendations.show_autoscaling,
    recommendations.set_autoscaling,
    recommendations.unset_autoscaling,
    recommendations.recommend_size,
    drift.list_drift,
    drift.adopt_drift,
    drift.reapply_drift,
    operations.list_operations,
    operations.show_operation,
    operations.resolve_operation,
    operations.cancel_operation,
    flavors.create_flavor,
    flavors.list_flavors,
    flavors.show_flavor,
    flavors.change_flavor,
    flavors.delete_flavor,
    images.create_image,
    images.list_images,
    images.show_image,
    images.change_image,
    images.delete_image,
    windows.list_windows,
    windows.show_window,
    windows.set_window,
    windows.delete_window,
    region_policy.show_region_policy,
    region_policy.set_region_policy,
    quotas.show_quota,
    quotas.set_quota,
    quotas.reset_quota,
    quotas.show_user_quota,
    quotas.set_user_quota,
    quotas.reset_user_quota,
    limits.show_limits,
    limits.show_user_limits,
    quota_class.show_quota_class,
    quota_class.set_quota_class,
    quota_tree.show_shared_quota,
    quota_tree.set_shared_quota,
    quota_tree.move_project,
    quota_tree.show_project_tree,
    quota_tree.show_quota_tree,
    server_groups.create_server_group,
    server_groups.list_server_groups,
    server_groups.show_server_group,
    server_groups.delete_server_group,
    server_groups.join_server_group,
    server_groups.leave_server_group,
    history.list_history,
    quota_changes.list_quota_changes,
    usage.show_usage,
    usage.list_usage,
    hosts.list_hosts,
    hosts.show_host,
    hosts.set_host_terms,
    operators.list_lanes,
    operators.list_projections,
    operators.rebuild_projection,
    operators.show_metrics,
    outcomes.report_outcomes,
    observations.report_observations,
    *served.ROUTES,
)

_BEHIND = 1.0
"""Seconds that a follower waits for what the leader has just written for its caller."""

_log = structlog.get_logger("ullage.http")


def build(region: Region, callers: Authentication) -> Gateway:
    """The whole HTTP interface as one ASGI application. Raises LookupError for a route that
    policy.cedar has no rule for, or that goes past its rules, RulesInvalid for a rule that is none.
    """
    rules.validate({str(route.name) for route in ROUTES} - UNGUARDED | served.ACTIONS)
    sequencer = region.sequencer
    forwarding = Forwarding(
        leads=lambda: sequencer.role == "leading",
        leader=region.leader,
        seen=lambda position: region.readside.reaches(position, _BEHIND),
    )

    def answered(request: Request[Any, Any, Any], exception: Exception) -> Response[bytes]:
        return _problem(request, exception, region.settings.over_quota_status)

    @asynccontextmanager
    async def closing(_: Litestar) -> AsyncIterator[None]:
        yield
        await forwarding.close()

    inner = Litestar(
        list(ROUTES),
        before_request=before,
        dependencies={"region": Provide(lambda: region, sync_to_thread=False)},
        exception_handlers={Exception: answered, HTTPException: answered},
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
    must_be_before_all(inner)
    return Gateway(inner, callers=callers, forwarding=forwarding, metrics=region.metrics)


def _problem(
    request: Request[Any, Any, Any], exception: Exception, over_quota: int
) -> Response[bytes]:
    foreseen = type(exception) in STATUS | faults.TABLE.keys()
    if not foreseen and not isinstance(exception, HTTPException | faults.Fault):
        _log.error("unforeseen", path=request.url.path, exc_info=exception)
    answer = refused(request.scope, exception, over_quota)
    given = exception.headers if isinstance(exception, HTTPException) else None
    headers = {k: v for k, v in answer.headers.items() if k != "content-type"} | (given or {})
    return Response(
        answer.body,
        status_code=answer.status,
        headers=headers,
        media_type=answer.headers["content-type"],
    )
