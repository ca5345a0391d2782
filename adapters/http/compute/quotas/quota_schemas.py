"""Which resources quota sets, quota classes and limits tell, by microversion, and their schemas.

As nova.api.openstack.compute.schemas.quota_sets and its siblings.
"""

from __future__ import annotations

from adapters.http.compute.gateway.microversions import OLDEST, V
from adapters.http.compute.gateway.parameters import (
    BOOLEAN,
    PRINTABLE,
    TEXT,
    Schema,
    array,
    obj,
    query,
)
from adapters.http.compute.gateway.versioned import Schemas
from domain.quota.limits import MOST
from domain.shared.resources import OURS, RESOURCES

ResourceNames = tuple[str, ...]

_NETWORK = {"fixed_ips", "floating_ips", "security_groups", "security_group_rules"}
_INJECTED = {"injected_files", "injected_file_content_bytes", "injected_file_path_bytes"}
_GROUPS = {"server_groups", "server_group_members"}


def _without(*names: set[str]) -> ResourceNames:
    return tuple(sorted(set(RESOURCES).difference(OURS, *names)))


QUOTA_SET: dict[V, ResourceNames] = {
    OLDEST: _without(),
    V(2, 36): _without(_NETWORK),
    V(2, 57): _without(_NETWORK, _INJECTED),
}
QUOTA_CLASS_SET: dict[V, ResourceNames] = {
    OLDEST: _without(_GROUPS),
    V(2, 50): _without(_NETWORK),
    V(2, 57): _without(_NETWORK, _INJECTED),
}
_SETTABLE_IN_CLASS = QUOTA_CLASS_SET | {OLDEST: _without()}

_LIMITED: dict[str, str] = {
    "maxTotalRAMSize": "ram",
    "maxTotalInstances": "instances",
    "maxTotalCores": "cores",
    "maxTotalKeypairs": "key_pairs",
    "maxTotalFloatingIps": "floating_ips",
    "maxServerMeta": "metadata_items",
    "maxImageMeta": "metadata_items",
    "maxPersonality": "injected_files",
    "maxPersonalitySize": "injected_file_content_bytes",
    "maxSecurityGroups": "security_groups",
    "maxSecurityGroupRules": "security_group_rules",
    "maxServerGroups": "server_groups",
    "maxServerGroupMembers": "server_group_members",
}
_USED: dict[str, str] = {
    "totalRAMUsed": "ram",
    "totalCoresUsed": "cores",
    "totalInstancesUsed": "instances",
    "totalFloatingIpsUsed": "floating_ips",
    "totalSecurityGroupsUsed": "security_groups",
    "totalServerGroupsUsed": "server_groups",
}


class Absolute:
    """The names that limits go by in some microversions, each with its resource: ``limited`` of
    what there may be, ``used`` of what there is."""

    def __init__(self, without: set[str], *, image_meta: bool = False) -> None:
        self.limited = tuple(
            (name, resource)
            for name, resource in _LIMITED.items()
            if resource not in without and (image_meta or name != "maxImageMeta")
        )
        self.used = tuple(
            (name, resource) for name, resource in _USED.items() if resource not in without
        )


ABSOLUTE: dict[V, Absolute] = {
    OLDEST: Absolute(set(), image_meta=True),
    V(2, 36): Absolute(_NETWORK, image_meta=True),
    V(2, 39): Absolute(_NETWORK),
    V(2, 57): Absolute(_NETWORK | _INJECTED),
}

# Requests

_LIMIT: Schema = {
    "type": ["integer", "string"],
    "pattern": "^-?[0-9]+$",
    "minimum": -1,
    "maximum": MOST,
}
# Nova takes any text, and keeps 255 characters of it.
_USER = TEXT | {"maxLength": 255, "pattern": PRINTABLE}


def _body(name: str, resources: ResourceNames, **more: Schema) -> Schema:
    properties = dict.fromkeys(resources, _LIMIT) | more
    return obj({name: obj(properties, *properties)})


UPDATE: Schemas = {at: _body("quota_set", names, force=BOOLEAN) for at, names in QUOTA_SET.items()}
UPDATE_CLASS: Schemas = {
    at: _body("quota_class_set", names) for at, names in _SETTABLE_IN_CLASS.items()
}
OF_USER: Schemas = {
    OLDEST: query({"user_id": _USER}),
    V(2, 75): query({"user_id": _USER}, extra=False),
}
# Nova has no schema for these at any microversion that would be strict.
ANY_QUERY: Schemas = {OLDEST: query({})}
OF_TENANT: Schemas = {
    OLDEST: query({"tenant_id": TEXT}),
    V(2, 75): query({"tenant_id": TEXT}, extra=False),
}

# Answers

_COUNT: Schema = {"type": "integer", "minimum": -1}
_DETAIL = obj({"limit": _COUNT, "in_use": _COUNT, "reserved": _COUNT})


def _shown(
    name: str, sets: dict[V, ResourceNames], count: Schema = _COUNT, *, id_: bool = True
) -> Schemas:
    whose = {"id": TEXT} if id_ else {}
    return {at: obj({name: obj(whose | dict.fromkeys(names, count))}) for at, names in sets.items()}


QUOTA_SET_SHOWN = _shown("quota_set", QUOTA_SET)
QUOTA_SET_DETAIL = _shown("quota_set", QUOTA_SET, _DETAIL)
QUOTA_SET_UPDATED = _shown("quota_set", QUOTA_SET, id_=False)
QUOTA_CLASS_SHOWN = _shown("quota_class_set", QUOTA_CLASS_SET)
QUOTA_CLASS_UPDATED = _shown("quota_class_set", QUOTA_CLASS_SET, id_=False)


def _absolute(told: Absolute) -> Schema:
    names = [name for name, _ in (*told.limited, *told.used)]
    limits = {"rate": array({}) | {"maxItems": 0}, "absolute": obj(dict.fromkeys(names, _COUNT))}
    return obj({"limits": obj(limits)})


LIMITS_SHOWN: Schemas = {at: _absolute(told) for at, told in ABSOLUTE.items()}
