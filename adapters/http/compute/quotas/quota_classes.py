"""/os-quota-class-sets: the limits of every project that has none of its own."""

from __future__ import annotations

from typing import Any

from adapters.http.compute.gateway.calls import Call
from adapters.http.compute.gateway.faults import Fault
from adapters.http.compute.gateway.routes import route
from adapters.http.compute.quotas import quota_schemas as schemas
from adapters.http.compute.quotas.quota_view import of_class
from adapters.http.gateway.authentication import LONGEST_ID
from commands.quotas.set_quota_class import SetQuotaClass

_RULE = "os_compute_api:os-quota-class-sets"


@route(
    "GET",
    "/os-quota-class-sets/{name:str}",
    name="compute_show_quota_class_set",
    may="oversee",
    answer=schemas.QUOTA_CLASS_SHOWN,
    rule=f"{_RULE}:show",
)
async def show_quota_class_set(call: Call) -> Any:
    """The limits of a class; those of any but the default one bind nobody."""
    name = call.path["name"]
    limits = call.reads.models.limits.of_class(name)
    return {"quota_class_set": {"id": name, **of_class(call.at, limits)}}


@route(
    "PUT",
    "/os-quota-class-sets/{name:str}",
    name="compute_update_quota_class_set",
    may="operate",
    query=schemas.ANY_QUERY,
    body=schemas.UPDATE_CLASS,
    answer=schemas.QUOTA_CLASS_UPDATED,
    rule=f"{_RULE}:update",
)
async def update_quota_class_set(call: Call) -> Any:
    """Set limits of a class, all of them or none; what is not named stays."""
    name, asked = call.path["name"], call.body["quota_class_set"]
    if len(name) > LONGEST_ID:
        raise Fault(400, f"quota_class_name has {len(name)} characters, more than {LONGEST_ID}.")
    limits = {resource: int(limit) for resource, limit in asked.items()}
    await call.ask(SetQuotaClass(name=name, limits=limits))
    told = call.reads.models.limits.of_class(name)
    return {"quota_class_set": of_class(call.at, told)}
