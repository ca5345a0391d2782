"""/os-quota-sets: what a project, or one user in it, may have, and who says so."""

from __future__ import annotations

from typing import Any

from adapters.http.compute.gateway.calls import Call
from adapters.http.compute.gateway.faults import Fault, forbidden
from adapters.http.compute.gateway.microversions import V
from adapters.http.compute.gateway.projects import must_be_project
from adapters.http.compute.gateway.routes import route
from adapters.http.compute.gateway.truth import truth
from adapters.http.compute.quotas import quota_schemas as schemas
from adapters.http.compute.quotas.quota_view import book_of, detail, in_force
from adapters.http.gateway.policy import sees
from commands.quotas.reset_quota import ResetQuota
from commands.quotas.set_quota import SetQuota
from domain.shared.errors import QuotaBelowUsage

_RULE = "os_compute_api:os-quota-sets"


@route(
    "GET",
    "/os-quota-sets/{project:str}",
    name="compute_show_quota_set",
    may="see",
    query=schemas.OF_USER,
    answer=schemas.QUOTA_SET_SHOWN,
    rule=f"{_RULE}:show",
)
async def show_quota_set(call: Call) -> Any:
    """The limits in force."""
    return _whole(call, await _visible(call, "show"), _user(call))


@route(
    "GET",
    "/os-quota-sets/{project:str}/{user:str}",
    name="compute_show_user_quota_set",
    may="see",
    until=V(2, 1),
    query=schemas.OF_USER,
    answer=schemas.QUOTA_SET_SHOWN,
    rule=f"{_RULE}:show",
)
async def show_user_quota_set(call: Call) -> Any:
    """Those of one user, at the path that was theirs before ``?user_id=``."""
    return _whole(call, await _visible(call, "show"), call.path["user"])


@route(
    "GET",
    "/os-quota-sets/{project:str}/detail",
    name="compute_show_quota_set_in_detail",
    may="see",
    query=schemas.OF_USER,
    answer=schemas.QUOTA_SET_DETAIL,
    rule=f"{_RULE}:detail",
)
async def show_quota_set_in_detail(call: Call) -> Any:
    """The same with what is in use, and what is held for what is being done."""
    project = await _visible(call, "detail")
    told = detail(book_of(call, project, _user(call)))
    return {"quota_set": {"id": project, **told}}


@route(
    "GET",
    "/os-quota-sets/{project:str}/defaults",
    name="compute_show_quota_set_defaults",
    may="see",
    answer=schemas.QUOTA_SET_SHOWN,
    rule=f"{_RULE}:defaults",
)
async def show_quota_set_defaults(call: Call) -> Any:
    """The limits of a project that has none of its own; they are no secret."""
    project = await must_be_project(call, call.path["project"])
    return {"quota_set": {"id": project, **in_force(book_of(call, ""))}}


@route(
    "PUT",
    "/os-quota-sets/{project:str}",
    name="compute_update_quota_set",
    may="operate",
    query=schemas.OF_USER,
    body=schemas.UPDATE,
    answer=schemas.QUOTA_SET_UPDATED,
    rule=f"{_RULE}:update",
)
async def update_quota_set(call: Call) -> Any:
    """Set limits, all of them or none; what is not named stays."""
    project, user = await must_be_project(call, call.path["project"]), _user(call)
    asked = dict(call.body["quota_set"])
    force = truth(asked.pop("force", False))
    limits: dict[str, int | None] = {name: int(limit) for name, limit in asked.items()}
    command = SetQuota(project=project, limits=limits, user=user, force=force)
    try:
        await call.ask(command)
    except QuotaBelowUsage as e:
        raise _below_usage(e, command) from e
    return {"quota_set": in_force(book_of(call, project, user))}


@route(
    "DELETE",
    "/os-quota-sets/{project:str}",
    name="compute_delete_quota_set",
    may="operate",
    status=202,
    query=schemas.OF_USER,
    rule=f"{_RULE}:delete",
)
async def delete_quota_set(call: Call) -> Any:
    """The defaults hold again; of a user, what the project has; also where Keystone has no such
    project any more."""
    await call.ask(ResetQuota(project=call.path["project"], user=_user(call)))


def _whole(call: Call, project: str, user: str) -> dict[str, Any]:
    return {"quota_set": {"id": project, **in_force(book_of(call, project, user))}}


async def _visible(call: Call, what: str) -> str:
    """The project, if the caller may see its quota. Raises Fault."""
    if not sees(call.actor, call.path["project"]):
        raise forbidden(f"{_RULE}:{what}")
    return await must_be_project(call, call.path["project"])


def _user(call: Call) -> str:
    """As Nova the first that is named; none is of the whole project."""
    return next(filter(None, call.query.get("user_id", ())), "")


def _below_usage(refused: QuotaBelowUsage, asked: SetQuota) -> Fault:
    """Nova's words name one resource: the first that it comes to."""
    order = list(asked.limits)
    short = min(refused.shortages, key=lambda one: order.index(one.resource))
    return Fault(
        400,
        f"Quota limit {short.limit} for {short.resource} must be greater than or equal to "
        f"already used and reserved {short.used}.",
    )
