"""/servers: build, list, show, describe, delete."""

from __future__ import annotations

from typing import Any

from adapters.http.compute.gateway.calls import Call, ComputeAnswer
from adapters.http.compute.gateway.routes import route
from adapters.http.compute.gateway.truth import truth
from adapters.http.compute.servers import server_answers as answers
from adapters.http.compute.servers import server_building, server_schemas, server_view
from adapters.http.compute.servers.server_deleting import deleted
from adapters.http.compute.servers.server_listing import listed
from adapters.http.compute.servers.server_queries import LIST_QUERY
from adapters.http.compute.servers.server_refusals import of_building
from adapters.http.compute.visible import found
from adapters.http.gateway.dispatch import told
from commands.servers.build_servers import BuildsAccepted
from commands.servers.describe_server import DescribeServer
from commands.servers.pin_server import PinServer

_RULE = "os_compute_api:servers"


@route(
    "GET",
    "/servers",
    name="compute_list_servers",
    heavy=True,
    may="see",
    query=LIST_QUERY,
    answer=answers.LISTED,
    rule=f"{_RULE}:index",
)
async def list_servers(call: Call) -> Any:
    """Servers in brief, the latest first."""
    return await listed(call, "servers", server_view.basic, f"{_RULE}:index")


@route(
    "GET",
    "/servers/detail",
    name="compute_list_servers_in_detail",
    heavy=True,
    may="see",
    query=LIST_QUERY,
    answer=answers.DETAIL,
    rule=f"{_RULE}:detail",
)
async def list_servers_in_detail(call: Call) -> Any:
    """Servers, all of each, the latest first."""
    return await listed(call, "servers/detail", server_view.in_list, f"{_RULE}:detail")


@route(
    "GET",
    "/servers/{server:str}",
    name="compute_show_server",
    may="see",
    answer=answers.SERVER,
    rule=f"{_RULE}:show",
)
async def show_server(call: Call) -> Any:
    """One server."""
    return {"server": server_view.whole(call, found(call))}


@route(
    "POST",
    "/servers",
    name="compute_create_server",
    may="change",
    status=202,
    body=server_schemas.CREATE,
    answer=answers.CREATED,
    rule=f"{_RULE}:create",
)
async def create_server(call: Call) -> Any:
    """Build one, or several of a kind. Nova makes up a password; here nobody would set it."""
    with of_building():
        answer = await call.ask(server_building.command(call))
    accepted = told(answer, BuildsAccepted).accepted
    asked = call.body["server"]
    if truth(asked.get("return_reservation_id", False)):
        row = call.reads.server(accepted[0].server)
        return {"reservation_id": row.state.spec.launch}
    links = call.links.both("servers", str(accepted[0].server))
    server = {
        "id": str(accepted[0].server),
        "links": links,
        "OS-DCF:diskConfig": "MANUAL",
        "security_groups": asked.get("security_groups", [{"name": "default"}]),
    }
    return ComputeAnswer(body={"server": server}, headers={"location": links[0]["href"]})


@route(
    "PUT",
    "/servers/{server:str}",
    name="compute_update_server",
    may="change",
    body=server_schemas.UPDATE,
    answer=answers.UPDATED,
    rule=f"{_RULE}:update",
)
async def update_server(call: Call) -> Any:
    """Say something else of it; nothing follows from that."""
    row, asked = found(call), call.body["server"]
    if "pinned_availability_zone" in asked:
        await call.ask(PinServer(server=row.id, zone=asked["pinned_availability_zone"]))
    said = {ours: asked[theirs] for theirs, ours in _FIELDS.items() if theirs in asked}
    await call.ask(DescribeServer(server=row.id, **said))
    return {"server": server_view.updated(call, found(call))}


@route(
    "DELETE",
    "/servers/{server:str}",
    name="compute_delete_server",
    may="change",
    status=204,
    rule=f"{_RULE}:delete",
)
async def delete_server(call: Call) -> None:
    """Stop it and remove it from its hypervisor."""
    await deleted(call, found(call))


_FIELDS = {
    "name": "name",
    "description": "description",
    "accessIPv4": "access_ipv4",
    "accessIPv6": "access_ipv6",
    "hostname": "hostname",
}
