"""/limits: what a project may have, and how much of it it has."""

from __future__ import annotations

from typing import Any

from adapters.http.compute.gateway.calls import Call
from adapters.http.compute.gateway.faults import forbidden
from adapters.http.compute.gateway.routes import route
from adapters.http.compute.quotas import quota_schemas as schemas
from adapters.http.compute.quotas.quota_view import absolute, book_of
from adapters.http.gateway.policy import operates

_RULE = "os_compute_api:limits"


@route(
    "GET",
    "/limits",
    name="compute_show_limits",
    may="see",
    query=schemas.OF_TENANT,
    answer=schemas.LIMITS_SHOWN,
    rule=_RULE,
)
async def show_limits(call: Call) -> Any:
    """Those of the caller's project; who is of none is told what a new project would have."""
    return {"limits": {"rate": [], "absolute": absolute(book_of(call, _project(call)))}}


def _project(call: Call) -> str:
    """Even one's own project is named by operators only, as in Nova. Raises Fault."""
    named = call.one("tenant_id")
    if named is None:
        return call.actor.home or ""
    if not operates(call.actor):
        raise forbidden(f"{_RULE}:other_project")
    return named
