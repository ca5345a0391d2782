"""/os-quota-class-sets: the limits of every project that has none of its own."""

from __future__ import annotations

from typing import Any

from adapters.http.compute import quota_schemas as schemas
from adapters.http.compute.quota_view import of_class
from adapters.http.compute.routes import Call, route
from commands.set_quota_class import SetQuotaClass

_RULE = "os_compute_api:os-quota-class-sets"


@route(
    "GET",
    "/os-quota-class-sets/{name:str}",
    name="compute_show_quota_class_set",
    answer=schemas.QUOTA_CLASS_SHOWN,
    rule=f"{_RULE}:show",
)
async def show_quota_class_set(call: Call) -> Any:
    """The limits of a class."""
    limits = call.region.readside.models.limits.defaults
    return {"quota_class_set": {"id": call.path["name"], **of_class(call.at, limits)}}


@route(
    "PUT",
    "/os-quota-class-sets/{name:str}",
    name="compute_update_quota_class_set",
    query=schemas.ANY_QUERY,
    body=schemas.UPDATE_CLASS,
    answer=schemas.QUOTA_CLASS_UPDATED,
    rule=f"{_RULE}:update",
)
async def update_quota_class_set(call: Call) -> Any:
    """Set limits of a class, all of them or none; what is not named stays."""
    asked = call.body["quota_class_set"]
    limits = {name: int(limit) for name, limit in asked.items()}
    await call.ask(SetQuotaClass(limits=limits))
    return {"quota_class_set": of_class(call.at, call.region.readside.models.limits.defaults)}
