"""What lists of servers are filtered and sorted by, under the names that Nova's columns have."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from adapters.http.compute.gateway.calls import Call
from adapters.http.compute.servers.hostnames import hostname
from adapters.http.compute.servers.server_facts import terminated, zone_of
from adapters.http.compute.servers.server_states import states
from projections.servers import ServerRow

Read = Callable[[Call, ServerRow], Any]


def _nothing(_call: Call, _row: ServerRow) -> None:
    """Of what there is nothing here."""


COLUMNS: dict[str, Read] = {
    "access_ip_v4": lambda _, row: row.state.description.access_ipv4 or None,
    "access_ip_v6": lambda _, row: row.state.description.access_ipv6 or None,
    "auto_disk_config": lambda _, __: 0,
    "availability_zone": lambda call, row: zone_of(call, row.state),
    "config_drive": lambda _, __: "",
    "created_at": lambda _, row: row.created,
    "display_description": lambda _, row: row.state.description.description,
    "display_name": lambda _, row: row.state.name,
    "host": lambda _, row: row.state.host,
    "hostname": lambda _, row: hostname(row.state),
    "image_ref": lambda _, row: row.state.spec.image.id if row.state.spec.image else "",
    "instance_type_id": lambda _, row: row.state.spec.flavor.id if row.state.spec.flavor else "",
    "kernel_id": lambda _, __: "",
    "key_name": _nothing,
    "launch_index": lambda _, row: row.state.spec.launch_index,
    "launched_at": lambda _, row: row.launched,
    "locked": lambda _, __: False,
    "locked_by": _nothing,
    "node": lambda _, row: row.state.host,
    "power_state": lambda _, row: states(row.state).power,
    "progress": lambda _, __: 0,
    "project_id": lambda _, row: row.state.project,
    "ramdisk_id": lambda _, __: "",
    "reservation_id": lambda _, row: row.state.spec.launch or None,
    "root_device_name": _nothing,
    "task_state": lambda _, row: states(row.state).task,
    "terminated_at": lambda _, row: terminated(row),
    "updated_at": lambda _, row: row.updated,
    "user_id": lambda _, row: row.state.user,
    "uuid": lambda _, row: str(row.id),
    "vm_state": lambda _, row: states(row.state).vm,
}

ALIASES = {
    "name": "display_name",
    "description": "display_description",
    "image": "image_ref",
    "flavor": "instance_type_id",
    "tenant_id": "project_id",
}

EXACT = frozenset(
    {
        *("project_id", "user_id", "image_ref", "vm_state", "instance_type_id", "uuid", "host"),
        "task_state",
    }
)
"""The other filters are regular expressions."""

SORTED = COLUMNS.keys() - {"reservation_id", "locked"}
"""Below 2.73; from then on by ``locked`` too."""

IGNORED_KEYS = (
    *("architecture", "cell_name", "cleaned", "default_ephemeral_device", "default_swap_device"),
    *("deleted", "deleted_at", "disable_terminate", "ephemeral_gb", "ephemeral_key_uuid", "id"),
    *("key_data", "launched_on", "memory_mb", "os_type", "reservation_id", "root_gb"),
    *("shutdown_terminate", "user_data", "vcpus", "vm_mode"),
)
"""To be sorted by these was asked for before there were schemas, and made no difference."""


def text(value: object) -> str | None:
    """As a regular expression sees it."""
    if value is None:
        return None
    return value.strftime("%Y-%m-%d %H:%M:%S") if isinstance(value, datetime) else str(value)
