"""How requests about servers are answered, by microversion: see server_view.py."""

from __future__ import annotations

from adapters.http.compute.gateway.microversions import OLDEST, V
from adapters.http.compute.gateway.parameters import (
    INTEGER,
    LINKS,
    METADATA,
    TEXT,
    Schema,
    array,
    obj,
)
from adapters.http.compute.gateway.versioned import Schemas

_FLAG: Schema = {"type": "boolean"}
_OR_NULL: Schema = {"type": ["string", "null"]}
_NAMED: Schema = {"type": "object", "additionalProperties": TEXT}
_FLAVOR = obj({"id": TEXT, "links": LINKS})
_EMBEDDED = obj(
    dict.fromkeys(("vcpus", "ram", "disk", "ephemeral", "swap"), INTEGER)
    | {"original_name": TEXT, "extra_specs": _NAMED}
)
_FAULT = obj({"code": INTEGER, "created": TEXT, "message": TEXT})


def _image(properties: dict[str, Schema]) -> Schema:
    return {"anyOf": [{"const": ""}, obj({"id": TEXT, "links": LINKS} | properties)]}


_BRIEF: dict[str, Schema] = {"id": TEXT, "name": TEXT, "links": LINKS}
_STATED: dict[str, Schema] = _BRIEF | {
    **dict.fromkeys(("accessIPv4", "accessIPv6", "created", "hostId", "status", "tenant_id"), TEXT),
    **dict.fromkeys(("user_id", "updated", "OS-DCF:diskConfig"), TEXT),
    "addresses": {"type": "object"},
    "flavor": _FLAVOR,
    "image": _image({}),
    "metadata": METADATA,
    "progress": INTEGER,
    "fault": _FAULT,
}
_EXTENDED: dict[str, Schema] = {
    "OS-EXT-AZ:availability_zone": TEXT,
    "config_drive": TEXT,
    "key_name": _OR_NULL,
    "OS-SRV-USG:launched_at": _OR_NULL,
    "OS-SRV-USG:terminated_at": _OR_NULL,
    "OS-EXT-STS:task_state": _OR_NULL,
    "OS-EXT-STS:vm_state": TEXT,
    "OS-EXT-STS:power_state": INTEGER,
    "os-extended-volumes:volumes_attached": {"type": "array"},
    "OS-EXT-SRV-ATTR:host": TEXT,
    "OS-EXT-SRV-ATTR:instance_name": TEXT,
    "OS-EXT-SRV-ATTR:hypervisor_hostname": TEXT,
}
_OPTIONAL = ("progress", "fault", "host_status")
_OVERSEEN = "OS-EXT-SRV-ATTR:"
_HOSTNAME = "OS-EXT-SRV-ATTR:hostname"

# What came with a microversion: beside what was there already, or in place of it.
_SINCE: tuple[tuple[V, dict[str, Schema]], ...] = (
    (
        V(2, 3),
        {
            _HOSTNAME: TEXT,
            "OS-EXT-SRV-ATTR:kernel_id": TEXT,
            "OS-EXT-SRV-ATTR:launch_index": INTEGER,
            "OS-EXT-SRV-ATTR:ramdisk_id": TEXT,
            "OS-EXT-SRV-ATTR:reservation_id": _OR_NULL,
            "OS-EXT-SRV-ATTR:root_device_name": _OR_NULL,
            "OS-EXT-SRV-ATTR:user_data": _OR_NULL,
        },
    ),
    (V(2, 9), {"locked": _FLAG}),
    (V(2, 16), {"host_status": TEXT}),
    (V(2, 19), {"description": _OR_NULL}),
    (V(2, 26), {"tags": array(TEXT)}),
    (V(2, 47), {"flavor": _EMBEDDED}),
    (V(2, 63), {"trusted_image_certificates": _OR_NULL}),
    (V(2, 71), {"server_groups": array(TEXT)}),
    (V(2, 73), {"locked_reason": _OR_NULL}),
    (V(2, 96), {"pinned_availability_zone": _OR_NULL}),
    (V(2, 98), {"image": _image({"properties": _NAMED})}),
    (
        V(2, 100),
        {"scheduler_hints": {"type": "object", "additionalProperties": array(TEXT)}},
    ),
)
_LATER = frozenset(
    name for _, properties in _SINCE for name in properties if name not in {"flavor", "image"}
)
_DESCRIBED = frozenset(
    {
        *("locked", "description", "tags", "trusted_image_certificates", "locked_reason"),
        "server_groups",
    }
)
"""What of it was told also of one that was changed, before 2.75."""

_VERSIONS = (OLDEST, *(since for since, _ in _SINCE), V(2, 75), V(2, 90))


def _shown(at: V, *without: str) -> dict[str, Schema]:
    shown = _STATED | _EXTENDED
    for since, properties in _SINCE:
        if at >= since:
            shown = shown | properties
    return {name: schema for name, schema in shown.items() if name not in without}


def _server(at: V, shown: dict[str, Schema]) -> Schema:
    """Attributes of the host are for those who oversee the region, but for one since 2.90."""
    overseen = [
        name
        for name in shown
        if name.startswith(_OVERSEEN) and (name != _HOSTNAME or at < V(2, 90))
    ]
    optional = [name for name in _OPTIONAL if name in shown]
    return obj(shown, *optional, *overseen)


def _changed(at: V) -> dict[str, Schema]:
    shown = _shown(at)
    if at >= V(2, 75):
        return shown
    without = (_EXTENDED.keys() | _LATER) - _DESCRIBED
    return {name: schema for name, schema in shown.items() if name not in without}


def _servers(server: Schema) -> Schema:
    return obj({"servers": array(server), "servers_links": LINKS}, "servers_links")


LISTED: Schemas = {OLDEST: _servers(obj(_BRIEF))}
DETAIL: Schemas = {at: _servers(_server(at, _shown(at, "server_groups"))) for at in _VERSIONS}
SERVER: Schemas = {at: obj({"server": _server(at, _shown(at))}) for at in _VERSIONS}
UPDATED: Schemas = {at: obj({"server": _server(at, _changed(at))}) for at in _VERSIONS}

_CREATED = obj(
    {
        "id": TEXT,
        "links": LINKS,
        "OS-DCF:diskConfig": TEXT,
        "security_groups": {"type": "array", "items": {"type": "object"}},
    }
)
CREATED: Schemas = {OLDEST: {"oneOf": [obj({"server": _CREATED}), obj({"reservation_id": TEXT})]}}
