"""/os-hypervisors: the hosts, for those who oversee them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from adapters.http.compute.gateway.faults import Fault
from adapters.http.compute.gateway.microversions import V
from adapters.http.compute.gateway.paging import next_link, page
from adapters.http.compute.gateway.routes import Call, route
from adapters.http.compute.gateway.truth import truth
from adapters.http.compute.gateway.validation import is_uuid
from adapters.http.compute.hosts import hypervisor_schemas as schemas
from adapters.http.compute.hosts.hypervisor_view import (
    HostRow,
    basic,
    number_of,
    statistics,
    uuid_of,
    whole,
)
from domain.hosts.host import Host
from projections.servers import ServerRow

_RULE = "os_compute_api:os-hypervisors"
_PATTERN = "hypervisor_hostname_pattern"


@route(
    "GET",
    "/os-hypervisors",
    name="compute_list_hypervisors",
    may="oversee",
    query=schemas.LIST_QUERY,
    answer=schemas.LISTED,
    rule=f"{_RULE}:list",
)
async def list_hypervisors(call: Call) -> Any:
    """Hosts by name, in brief."""
    servers = _with_servers(call)
    return _listed(call, "os-hypervisors", lambda row: basic(row, call.at, _on(row, servers)))


@route(
    "GET",
    "/os-hypervisors/detail",
    name="compute_list_hypervisors_in_detail",
    may="oversee",
    query=schemas.LIST_QUERY,
    answer=schemas.DETAIL,
    rule=f"{_RULE}:list-detail",
)
async def list_hypervisors_in_detail(call: Call) -> Any:
    """Hosts by name, with what they have and what is taken of it."""
    servers, running = _with_servers(call), _running(call)
    return _listed(
        call,
        "os-hypervisors/detail",
        lambda row: whole(row, call.at, running[row.id], _on(row, servers)),
    )


@route(
    "GET",
    "/os-hypervisors/statistics",
    name="compute_show_hypervisor_statistics",
    may="oversee",
    until=V(2, 87),
    query=schemas.ANY_QUERY,
    answer=schemas.STATISTICS,
    rule=f"{_RULE}:statistics",
)
async def show_hypervisor_statistics(call: Call) -> Any:
    """The sums over all of them."""
    running = _running(call)
    hosts = [(row.state, running[row.id]) for row in _all(call)]
    return {"hypervisor_statistics": statistics(hosts)}


@route(
    "GET",
    "/os-hypervisors/{hypervisor:str}",
    name="compute_show_hypervisor",
    may="oversee",
    query=schemas.SHOW_QUERY,
    answer=schemas.SHOWN,
    rule=f"{_RULE}:show",
)
async def show_hypervisor(call: Call) -> Any:
    """One of them."""
    row, servers = _found(call), _with_servers(call)
    return {"hypervisor": whole(row, call.at, _running(call)[row.id], _on(row, servers))}


@route(
    "GET",
    "/os-hypervisors/{hypervisor:str}/uptime",
    name="compute_show_hypervisor_uptime",
    may="oversee",
    until=V(2, 87),
    query=schemas.ANY_QUERY,
    answer=schemas.UPTIME,
    rule=f"{_RULE}:uptime",
)
async def show_hypervisor_uptime(call: Call) -> Any:
    """Nothing is asked of the host for it, so that it is not known."""
    return {"hypervisor": basic(_found(call), call.at) | {"uptime": None}}


@route(
    "GET",
    "/os-hypervisors/{hypervisor:str}/search",
    name="compute_search_hypervisors",
    may="oversee",
    until=V(2, 52),
    query=schemas.ANY_QUERY,
    answer=schemas.SEARCHED,
    rule=f"{_RULE}:search",
)
async def search_hypervisors(call: Call) -> Any:
    """Those with the given word in their names."""
    rows = _matching(call, call.path["hypervisor"])
    return {"hypervisors": [basic(row, call.at) for row in rows]}


@route(
    "GET",
    "/os-hypervisors/{hypervisor:str}/servers",
    name="compute_list_hypervisor_servers",
    may="oversee",
    until=V(2, 52),
    query=schemas.ANY_QUERY,
    answer=schemas.SERVERS,
    rule=f"{_RULE}:servers",
)
async def list_hypervisor_servers(call: Call) -> Any:
    """The same, with what runs on them."""
    servers = _servers(call)
    rows = _matching(call, call.path["hypervisor"])
    return {"hypervisors": [basic(row, call.at, servers.get(row.id)) for row in rows]}


def _listed(call: Call, collection: str, view: Any) -> dict[str, Any]:
    """Raises Fault."""
    if (pattern := call.one(_PATTERN)) is not None:
        if call.one("limit") is not None or call.one("marker"):
            raise Fault(
                400,
                "Paging over hypervisors with the hypervisor_hostname_pattern query parameter is "
                "not supported.",
            )
        return {"hypervisors": [view(row) for row in _matching(call, pattern)]}
    if call.at < V(2, 33):
        return {"hypervisors": [view(row) for row in _all(call)]}

    def key(row: HostRow) -> str:
        return uuid_of(row.id) if call.at >= V(2, 53) else str(number_of(row.id))

    shown = page(call, _all(call), key)
    listed: dict[str, Any] = {"hypervisors": [view(row) for row in shown]}
    if more := next_link(call, shown, key, collection):
        listed["hypervisors_links"] = more
    return listed


def _found(call: Call) -> HostRow:
    """Raises Fault."""
    id_ = call.path["hypervisor"]
    by_uuid = call.at >= V(2, 53)
    if by_uuid and not is_uuid(id_):
        raise Fault(400, f"Invalid uuid {id_}")
    for row in _all(call):
        if id_.lower() == (uuid_of(row.id) if by_uuid else str(number_of(row.id))):
            return row
    raise Fault(404, f"Hypervisor with ID '{id_}' could not be found.")


def _all(call: Call) -> list[HostRow]:
    return call.reads.models.catalogue.all(Host)


def _matching(call: Call, word: str) -> list[HostRow]:
    """Raises Fault."""
    if rows := [row for row in _all(call) if word in row.id]:
        return rows
    raise Fault(404, f"No hypervisor matching '{word}' could be found.")


def _there(call: Call) -> list[ServerRow]:
    return [row for row in call.reads.models.servers.all() if row.state.power != "gone"]


def _running(call: Call) -> Counter[str]:
    return Counter(row.state.host for row in _there(call))


def _servers(call: Call) -> dict[str, list[ServerRow]]:
    found: dict[str, list[ServerRow]] = {}
    for row in _there(call):
        found.setdefault(row.state.host, []).append(row)
    return found


def _with_servers(call: Call) -> dict[str, list[ServerRow]] | None:
    """Servers by host, where they are asked for."""
    return _servers(call) if truth(call.one("with_servers") or "false") else None


def _on(row: HostRow, servers: dict[str, list[ServerRow]] | None) -> list[ServerRow] | None:
    return None if servers is None else servers.get(row.id, [])
