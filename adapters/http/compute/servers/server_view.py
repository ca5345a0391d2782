"""A server as the Compute API shows it, in each microversion.

As nova.api.openstack.compute.views.servers. There are no networks, volumes, tags, locks, keys or
config drives here: those are told as Nova tells of a server that has none.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from adapters.http.compute.gateway.calls import Call
from adapters.http.compute.gateway.microversions import V
from adapters.http.compute.servers.hostnames import hostname
from adapters.http.compute.servers.server_facts import (
    host_status,
    instance_name,
    terminated,
    zone_of,
)
from adapters.http.compute.servers.server_spec_view import flavor_of, hints_of, image_of
from adapters.http.compute.servers.server_states import DELETED, ERROR, States, states
from adapters.http.compute.visible import host_id, stamp
from adapters.http.gateway.policy import oversees
from domain.hosts.server_group import ServerGroup
from projections.servers import ServerRow

_IN_PROGRESS = frozenset({"ACTIVE", "BUILD", "REBUILD", "RESIZE", "VERIFY_RESIZE", "MIGRATING"})
_NONE: dict[str, Any] = {}


def basic(call: Call, row: ServerRow) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "name": row.state.name,
        "links": call.links.both("servers", str(row.id)),
    }


def in_list(call: Call, row: ServerRow) -> dict[str, Any]:
    """All but its groups."""
    return _stated(call, row) | _extended(call, row) | _added(call, row)


def whole(call: Call, row: ServerRow) -> dict[str, Any]:
    return in_list(call, row) | _groups(call, row)


def updated(call: Call, row: ServerRow) -> dict[str, Any]:
    """What is told of one that was changed: all of it only from 2.75 on."""
    if call.at >= V(2, 75):
        return whole(call, row)
    return _stated(call, row) | _described(call, row) | _groups(call, row)


def _stated(call: Call, row: ServerRow) -> dict[str, Any]:
    """What every answer about a server has had from the beginning."""
    state, now = row.state, states(row.state)
    said = state.description
    shown = basic(call, row) | {
        "accessIPv4": said.access_ipv4,
        "accessIPv6": said.access_ipv6,
        "addresses": {},
        "created": _moment(row.created),
        "flavor": flavor_of(call, state),
        "hostId": host_id(state.host, state.project),
        "image": image_of(call, state),
        "metadata": said.metadata,
        "status": now.status,
        "tenant_id": state.project,
        "user_id": state.user,
        "updated": _moment(row.updated),
        "OS-DCF:diskConfig": "MANUAL",
    }
    return shown | _progress(row, now)


def _progress(row: ServerRow, now: States) -> dict[str, Any]:
    if row.state.fault is not None and now.vm in {ERROR, DELETED}:
        return {"fault": {"code": 500, "created": _moment(row.updated), "message": row.state.fault}}
    return {"progress": 0} if now.status in _IN_PROGRESS else _NONE


def _extended(call: Call, row: ServerRow) -> dict[str, Any]:
    """What were extensions of Nova once; some of it is for those who oversee the region."""
    now = states(row.state)
    shown: dict[str, Any] = {
        "OS-EXT-AZ:availability_zone": zone_of(call, row.state),
        "config_drive": "",
        "key_name": None,
        "OS-SRV-USG:launched_at": stamp(row.launched),
        "OS-SRV-USG:terminated_at": stamp(terminated(row)),
        "OS-EXT-STS:task_state": now.task,
        "OS-EXT-STS:vm_state": now.vm,
        "OS-EXT-STS:power_state": now.power,
        "os-extended-volumes:volumes_attached": [],
    }
    return shown | _overseen(call, row) if oversees(call.actor) else shown


def _overseen(call: Call, row: ServerRow) -> dict[str, Any]:
    attributes: dict[str, Any] = {
        "host": row.state.host,
        "instance_name": instance_name(row),
        "hypervisor_hostname": row.state.host,
    }
    if call.at >= V(2, 3):
        attributes |= {
            "hostname": hostname(row.state),
            "kernel_id": "",
            "launch_index": row.state.spec.launch_index,
            "ramdisk_id": "",
            "reservation_id": row.state.spec.launch or None,
            "root_device_name": None,
            "user_data": None,
        }
    shown = {f"OS-EXT-SRV-ATTR:{name}": value for name, value in attributes.items()}
    return shown | ({"host_status": host_status(call, row)} if call.at >= V(2, 16) else _NONE)


def _added(call: Call, row: ServerRow) -> dict[str, Any]:
    """What came microversion by microversion."""
    at, spec = call.at, row.state.spec
    shown = _described(call, row)
    if at >= V(2, 90):
        shown["OS-EXT-SRV-ATTR:hostname"] = hostname(row.state)
    if at >= V(2, 96):
        shown["pinned_availability_zone"] = spec.zone or None
    if at >= V(2, 100):
        shown["scheduler_hints"] = hints_of(row.state)
    return shown


def _described(call: Call, row: ServerRow) -> dict[str, Any]:
    at = call.at
    by_version: tuple[tuple[V, str, Any], ...] = (
        (V(2, 9), "locked", False),
        (V(2, 19), "description", row.state.description.description),
        (V(2, 26), "tags", []),
        (V(2, 63), "trusted_image_certificates", None),
        (V(2, 73), "locked_reason", None),
    )
    return {name: value for since, name, value in by_version if at >= since}


def _groups(call: Call, row: ServerRow) -> dict[str, Any]:
    if call.at < V(2, 71):
        return _NONE
    group = row.state.spec.group
    known = group and call.reads.models.catalogue.get(ServerGroup, str(group))
    return {"server_groups": [str(group)] if known else []}


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
