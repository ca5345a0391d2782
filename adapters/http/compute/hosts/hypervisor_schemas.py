"""What requests about hypervisors may say and how they are answered, by microversion.

As nova.api.openstack.compute.schemas.hypervisors.
"""

from __future__ import annotations

from adapters.http.compute.gateway.microversions import OLDEST, V
from adapters.http.compute.gateway.parameters import (
    BOOLEAN,
    INTEGER,
    LINKS,
    NO_QUERY,
    NON_NEGATIVE,
    TEXT,
    UUID,
    Schema,
    array,
    obj,
    query,
    single,
)
from adapters.http.compute.gateway.versioned import Schemas

_FQDN = TEXT | {"pattern": "^[a-zA-Z0-9-._]*$", "minLength": 1, "maxLength": 255}
_SHOW = {"with_servers": single(BOOLEAN)}
_LIST = _SHOW | {
    "limit": single(NON_NEGATIVE),
    "marker": single(TEXT),
    "hypervisor_hostname_pattern": single(_FQDN),
}


def _strict(properties: dict[str, Schema]) -> Schema:
    return {"type": "object", "properties": properties, "additionalProperties": False}


ANY_QUERY: Schemas = {OLDEST: NO_QUERY}
LIST_QUERY: Schemas = {
    OLDEST: NO_QUERY,
    V(2, 33): query({"limit": NON_NEGATIVE, "marker": TEXT}),
    V(2, 53): _strict(_LIST),
}
SHOW_QUERY: Schemas = {OLDEST: NO_QUERY, V(2, 53): _strict(_SHOW)}

_SERVERS = array(obj({"name": TEXT, "uuid": UUID}))
_BRIEF: dict[str, Schema] = {
    "id": INTEGER,
    "hypervisor_hostname": TEXT,
    "state": {"enum": ["up", "down"]},
    "status": {"enum": ["enabled", "disabled"]},
}
_BRIEF_UUID = _BRIEF | {"id": UUID, "servers": _SERVERS}
_NULL_TEXT: Schema = {"type": ["string", "null"]}
_COUNTED: dict[str, Schema] = dict.fromkeys(
    (
        *("vcpus", "vcpus_used", "memory_mb", "memory_mb_used", "free_ram_mb", "local_gb"),
        *("local_gb_used", "free_disk_gb", "disk_available_least", "current_workload"),
        "running_vms",
    ),
    INTEGER,
)


def _detail(brief: dict[str, Schema]) -> dict[str, Schema]:
    return brief | {
        "hypervisor_type": TEXT,
        "hypervisor_version": INTEGER,
        "host_ip": _NULL_TEXT,
        "service": obj({"id": brief["id"], "host": TEXT, "disabled_reason": _NULL_TEXT}),
    }


def _list(shown: dict[str, Schema], *, links: bool = False) -> Schema:
    named: dict[str, Schema] = {"hypervisors": array(obj(shown, "servers"))}
    return obj(named | ({"hypervisors_links": LINKS} if links else {}), "hypervisors_links")


_OLD = _detail(_BRIEF) | _COUNTED | {"cpu_info": TEXT}
_CPU_INFO = {"cpu_info": {"type": "object"}}
_NUMBERED = _OLD | _CPU_INFO
_NAMED = _detail(_BRIEF_UUID) | _COUNTED | _CPU_INFO
_LAST = _detail(_BRIEF_UUID) | {"uptime": _NULL_TEXT}

LISTED: Schemas = {
    OLDEST: _list(_BRIEF),
    V(2, 33): _list(_BRIEF, links=True),
    V(2, 53): _list(_BRIEF_UUID, links=True),
}
DETAIL: Schemas = {
    OLDEST: _list(_OLD),
    V(2, 28): _list(_NUMBERED),
    V(2, 33): _list(_NUMBERED, links=True),
    V(2, 53): _list(_NAMED, links=True),
    V(2, 88): _list(_LAST, links=True),
}
SHOWN: Schemas = {
    OLDEST: obj({"hypervisor": obj(_OLD)}),
    V(2, 28): obj({"hypervisor": obj(_NUMBERED)}),
    V(2, 53): obj({"hypervisor": obj(_NAMED, "servers")}),
    V(2, 88): obj({"hypervisor": obj(_LAST, "servers")}),
}
UPTIME: Schemas = {
    OLDEST: obj({"hypervisor": obj(_BRIEF | {"uptime": _NULL_TEXT})}),
    V(2, 53): obj({"hypervisor": obj(_BRIEF | {"id": UUID, "uptime": _NULL_TEXT})}),
}
SEARCHED: Schemas = {OLDEST: _list(_BRIEF)}
SERVERS: Schemas = {OLDEST: _list(_BRIEF | {"servers": _SERVERS})}
STATISTICS: Schemas = {
    OLDEST: obj({"hypervisor_statistics": obj({"count": INTEGER} | _COUNTED)}),
}
