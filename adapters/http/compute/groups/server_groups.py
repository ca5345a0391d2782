"""/os-server-groups: which servers belong together, or apart."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from adapters.http.compute.gateway.calls import Call
from adapters.http.compute.gateway.faults import Fault
from adapters.http.compute.gateway.microversions import V
from adapters.http.compute.gateway.paging import MOST, whole
from adapters.http.compute.gateway.routes import route
from adapters.http.compute.groups import server_group_schemas as schemas
from adapters.http.compute.groups.server_group_view import view
from adapters.http.gateway.dispatch import told
from adapters.http.gateway.policy import oversees, sees
from commands.ledger.server_groups import GroupRecorded, recorded
from commands.placement.create_server_group import CreateServerGroup
from commands.placement.delete_server_group import DeleteServerGroup
from domain.hosts.server_group import ServerGroup
from domain.shared.errors import NotFound
from projections.catalogue import CatalogueRow

_RULE = "os_compute_api:os-server-groups"
_ONE_POLICY = V(2, 64)
_HOMELESS = "A server group is of a project: ask with a token of one."


@route(
    "POST",
    "/os-server-groups",
    name="compute_create_server_group",
    may="change",
    body=schemas.CREATE,
    answer=schemas.SHOWN,
    rule=f"{_RULE}:create",
)
async def create_server_group(call: Call) -> Any:
    """Make a group in the caller's project, within the quota of both."""
    asked, actor = call.body["server_group"], call.actor
    if actor.home is None:
        raise Fault(400, _HOMELESS)
    per_host = asked.get("rules", {}).get("max_server_per_host")
    command = CreateServerGroup(
        group=call.context.new_id(),
        project=actor.home,
        name=asked["name"],
        policy=asked["policy"] if call.at >= _ONE_POLICY else asked["policies"][0],
        max_server_per_host=None if per_host is None else int(per_host),
        user=actor.user,
    )
    made = told(await call.ask(command), GroupRecorded)
    return {"server_group": view(made, call.at)}


@route(
    "GET",
    "/os-server-groups",
    name="compute_list_server_groups",
    heavy=True,
    may="see",
    query=schemas.LIST_QUERY,
    answer=schemas.LISTED,
    rule=f"{_RULE}:index",
)
async def list_server_groups(call: Call) -> Any:
    """Those of the caller's project by id; ``all_projects`` is for those who see all of them."""
    whose = _whose(call)
    rows = call.reads.models.catalogue.all(ServerGroup)
    seen = [row for row in rows if whose in {None, row.state.project}]
    begin = whole(call.one("offset") or "0", "offset")
    limit = min(MOST, whole(call.one("limit") or "0", "limit") or MOST)
    return {"server_groups": [view(_group(row), call.at) for row in seen[begin : begin + limit]]}


@route(
    "GET",
    "/os-server-groups/{group:str}",
    name="compute_show_server_group",
    may="see",
    answer=schemas.SHOWN,
    rule=f"{_RULE}:show",
)
async def show_server_group(call: Call) -> Any:
    """One of them."""
    return {"server_group": view(_group(_found(call)), call.at)}


@route(
    "DELETE",
    "/os-server-groups/{group:str}",
    name="compute_delete_server_group",
    may="change",
    status=204,
    rule=f"{_RULE}:delete",
)
async def delete_server_group(call: Call) -> Any:
    """Its servers stay, and stand in no group any more."""
    await call.ask(DeleteServerGroup(group=UUID(_found(call).id)))


def _whose(call: Call) -> str | None:
    """None: everybody's. Who asks for more than it sees gets its own, as of Nova."""
    actor = call.actor
    everybody = actor.home is None or "all_projects" in call.query
    return None if everybody and oversees(actor) else actor.home or ""


def _found(call: Call) -> CatalogueRow[ServerGroup]:
    """Raises NotFound, also for another project's."""
    id_ = call.path["group"]
    row = call.reads.models.catalogue.get(ServerGroup, id_)
    if row is None or not sees(call.actor, row.state.project):
        raise NotFound(what=ServerGroup.category, id=id_)
    return row


def _group(row: CatalogueRow[ServerGroup]) -> GroupRecorded:
    return recorded(UUID(row.id), row.state, row.version)
