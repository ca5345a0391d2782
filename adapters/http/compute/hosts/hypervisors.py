"""/os-hypervisors: the hosts, for those who oversee them."""

from __future__ import annotations

from typing import Any

from adapters.http.compute.gateway.calls import Call
from adapters.http.compute.gateway.faults import Fault
from adapters.http.compute.gateway.microversions import V
from adapters.http.compute.gateway.paging import next_link, page
from adapters.http.compute.gateway.routes import route
from adapters.http.compute.hosts import hypervisor_schemas as schemas
from adapters.http.compute.hosts.hypervisor_finding import (
    all_hosts,
    host_asked,
    hosts_matching,
    running_by_host,
    servers_by_host,
    servers_if_shown,
    shown_on,
)
from adapters.http.compute.hosts.hypervisor_view import (
    HostRow,
    basic,
    number_of,
    statistics,
    uuid_of,
    whole,
)

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
    servers = servers_if_shown(call)
    return _listed(call, "os-hypervisors", lambda row: basic(row, call.at, shown_on(row, servers)))


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
    servers, running = servers_if_shown(call), running_by_host(call)
    return _listed(
        call,
        "os-hypervisors/detail",
        lambda row: whole(row, call.at, running[row.id], shown_on(row, servers)),
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
    running = running_by_host(call)
    hosts = [(row.state, running[row.id]) for row in all_hosts(call)]
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
    row, servers = host_asked(call), servers_if_shown(call)
    return {
        "hypervisor": whole(row, call.at, running_by_host(call)[row.id], shown_on(row, servers))
    }


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
    return {"hypervisor": basic(host_asked(call), call.at) | {"uptime": None}}


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
    rows = hosts_matching(call, call.path["hypervisor"])
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
    servers = servers_by_host(call)
    rows = hosts_matching(call, call.path["hypervisor"])
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
        return {"hypervisors": [view(row) for row in hosts_matching(call, pattern)]}
    if call.at < V(2, 33):
        return {"hypervisors": [view(row) for row in all_hosts(call)]}

    def key(row: HostRow) -> str:
        return uuid_of(row.id) if call.at >= V(2, 53) else str(number_of(row.id))

    shown = page(call, all_hosts(call), key)
    listed: dict[str, Any] = {"hypervisors": [view(row) for row in shown]}
    if more := next_link(call, shown, key, collection):
        listed["hypervisors_links"] = more
    return listed
