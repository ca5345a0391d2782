"""The hosts that a request about hypervisors means, and the servers on them."""

from __future__ import annotations

from collections import Counter

from adapters.http.compute.gateway.calls import Call
from adapters.http.compute.gateway.faults import Fault
from adapters.http.compute.gateway.formats import is_uuid
from adapters.http.compute.gateway.microversions import V
from adapters.http.compute.gateway.truth import truth
from adapters.http.compute.hosts.hypervisor_view import HostRow, number_of, uuid_of
from domain.hosts.host import Host
from projections.servers import ServerRow


def host_asked(call: Call) -> HostRow:
    """Raises Fault."""
    id_ = call.path["hypervisor"]
    by_uuid = call.at >= V(2, 53)
    if by_uuid and not is_uuid(id_):
        raise Fault(400, f"Invalid uuid {id_}")
    for row in all_hosts(call):
        if id_.lower() == (uuid_of(row.id) if by_uuid else str(number_of(row.id))):
            return row
    raise Fault(404, f"Hypervisor with ID '{id_}' could not be found.")


def all_hosts(call: Call) -> list[HostRow]:
    return call.reads.models.catalogue.all(Host)


def hosts_matching(call: Call, word: str) -> list[HostRow]:
    """Raises Fault."""
    if rows := [row for row in all_hosts(call) if word in row.id]:
        return rows
    raise Fault(404, f"No hypervisor matching '{word}' could be found.")


def _there(call: Call) -> list[ServerRow]:
    return [row for row in call.reads.models.servers.all() if row.state.power != "gone"]


def running_by_host(call: Call) -> Counter[str]:
    return Counter(row.state.host for row in _there(call))


def servers_by_host(call: Call) -> dict[str, list[ServerRow]]:
    found: dict[str, list[ServerRow]] = {}
    for row in _there(call):
        found.setdefault(row.state.host, []).append(row)
    return found


def servers_if_shown(call: Call) -> dict[str, list[ServerRow]] | None:
    """Servers by host, where they are asked for."""
    return servers_by_host(call) if truth(call.one("with_servers") or "false") else None


def shown_on(row: HostRow, servers: dict[str, list[ServerRow]] | None) -> list[ServerRow] | None:
    return None if servers is None else servers.get(row.id, [])
