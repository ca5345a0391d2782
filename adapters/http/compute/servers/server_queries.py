"""What lists of servers may be asked for, by microversion, as Nova's schemas have it."""

from __future__ import annotations

from adapters.http.compute.gateway.microversions import OLDEST, V
from adapters.http.compute.gateway.parameters import NON_NEGATIVE, TEXT, Schema, query
from adapters.http.compute.gateway.versioned import Schemas
from adapters.http.compute.servers.server_columns import IGNORED_KEYS, SORTED
from adapters.http.compute.servers.server_wanted import JOINED, TAGS

_MOMENT: Schema = TEXT | {"format": "date-time"}
_REGEX: Schema = TEXT | {"format": "regex"}
_PLAIN = (
    *("user_id", "project_id", "tenant_id", "launch_index", "image_ref", "image", "vm_state"),
    *("task_state", "host", "uuid", "sort_dir", "all_tenants", "soft_deleted", "deleted"),
    *("status", "marker"),
)
_REGEXES = (
    *("kernel_id", "ramdisk_id", "hostname", "key_name", "power_state", "node", "flavor"),
    *("reservation_id", "launched_at", "terminated_at", "availability_zone", "name"),
    *("display_name", "description", "display_description", "locked_by", "root_device_name"),
    *("config_drive", "access_ip_v4", "access_ip_v6", "auto_disk_config", "progress"),
    *("ip", "ip6", "created_at"),
)


def _key(*keys: str) -> dict[str, Schema]:
    return {"sort_key": TEXT | {"enum": sorted(keys)}}


_LIST: dict[str, Schema] = {
    **dict.fromkeys((*_PLAIN, *JOINED), TEXT),
    **dict.fromkeys(_REGEXES, _REGEX),
    "changes-since": _MOMENT,
    "limit": NON_NEGATIVE,
    **_key(*SORTED, *IGNORED_KEYS, "locked"),
}
_TAGGED = _LIST | dict.fromkeys(TAGS, _REGEX)
_BOUNDED = _TAGGED | {"changes-before": _MOMENT}
_LOCKED = _BOUNDED | {"locked": TEXT}
_STRICT = _LOCKED | _key(*SORTED, "locked")


def _private(schema: Schema) -> Schema:
    """What begins with an underscore is refused by its name rather than passed over."""
    return schema | {"patternProperties": {"^_": {"type": "array", "items": TEXT}}}


LIST_QUERY: Schemas = {
    OLDEST: _private(query(_LIST)),
    V(2, 26): _private(query(_TAGGED)),
    V(2, 66): _private(query(_BOUNDED)),
    V(2, 73): _private(query(_LOCKED)),
    V(2, 75): _private(query(_STRICT, extra=False)),
}
