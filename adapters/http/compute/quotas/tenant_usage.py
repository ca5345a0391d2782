"""/os-simple-tenant-usage: what projects have taken over a time, by what has happened."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

import msgspec

from adapters.http.compute.gateway.calls import Call
from adapters.http.compute.gateway.faults import Fault, forbidden
from adapters.http.compute.gateway.formats import is_uuid
from adapters.http.compute.gateway.links import Link
from adapters.http.compute.gateway.paging import limit_of, next_link
from adapters.http.compute.gateway.routes import route
from adapters.http.compute.quotas import tenant_usage_schemas as schemas
from adapters.http.compute.quotas.tenant_usage_view import Span, project_usage, span
from adapters.http.gateway import pieces
from adapters.http.gateway.policy import sees
from projections import usage
from projections.usage import ServerUsage

_RULE = "os_compute_api:os-simple-tenant-usage"
_PATH = "os-simple-tenant-usage"


@route(
    "GET",
    "/os-simple-tenant-usage",
    name="compute_list_tenant_usages",
    heavy=True,
    may="oversee",
    query=schemas.LIST_QUERY,
    answer=schemas.LISTED,
    rule=f"{_RULE}:list",
)
async def list_tenant_usages(call: Call) -> Any:
    """Of all projects; from 2.40 on, of a page of their servers."""
    over, detailed = span(call), call.query.get("detailed", [""])[0] == "1"
    rows = await _servers(call, over, None)
    by_project = groupby(await pieces.ordered(rows, _project), key=_project)
    told = [await project_usage(name, of, over, detailed=detailed) for name, of in by_project]
    return {"tenant_usages": told} | _links(call, rows, "tenant_usages_links", _PATH)


@route(
    "GET",
    "/os-simple-tenant-usage/{project:str}",
    name="compute_show_tenant_usage",
    heavy=True,
    may="see",
    query=schemas.SHOW_QUERY,
    answer=schemas.SHOWN,
    rule=f"{_RULE}:show",
)
async def show_tenant_usage(call: Call) -> Any:
    """Of one project, with each of its servers; nothing of one that had none."""
    project = call.path["project"]
    if not sees(call.actor, project):
        raise forbidden(f"{_RULE}:show")
    over = span(call)
    rows = await _servers(call, over, project)
    told = await project_usage(project, rows, over, detailed=True) if rows else {}
    return {"tenant_usage": told} | _links(call, rows, "tenant_usage_links", f"{_PATH}/{project}")


async def _servers(call: Call, over: Span, project: str | None) -> list[ServerUsage]:
    """Raises Fault, Unavailable."""
    asked = {
        "project": project,
        "since": over.begins,
        "until": over.ends,
        "after": _marker(call),
        "limit": limit_of(call) if call.at >= schemas.PAGED else None,
    }
    await call.reads.reach_tables(None)
    return await pieces.each(_usage, await call.reads.select(usage.SERVERS, asked))


def _usage(row: Sequence[Any]) -> ServerUsage:
    return msgspec.convert(dict(zip(ServerUsage.__struct_fields__, row, strict=True)), ServerUsage)


def _marker(call: Call) -> UUID | None:
    """Also a server that is gone, as far as the caller sees it. Raises Fault."""
    if not (marker := call.one("marker")):
        return None
    row = call.reads.readside.server(UUID(marker)) if is_uuid(marker) else None
    if row is None or not sees(call.actor, row.state.project):
        raise Fault(400, f"Marker {marker} could not be found.")
    return UUID(marker)


def _links(
    call: Call, rows: list[ServerUsage], name: str, collection: str
) -> dict[str, list[Link]]:
    if call.at < schemas.PAGED:
        return {}
    found = next_link(call, rows, lambda row: str(row.id), collection)
    return {name: found} if found else {}


def _project(row: ServerUsage) -> str:
    return row.project
