"""What requests about servers may say, by microversion, as nova.api.openstack.compute.schemas.

What cannot be honoured here is in them as in Nova's: server_building.py refuses it.
"""

from __future__ import annotations

from adapters.http.compute.gateway.microversions import OLDEST, V
from adapters.http.compute.gateway.parameters import (
    BOOLEAN,
    METADATA,
    NAME,
    POSITIVE,
    PRINTABLE,
    TEXT,
    UUID,
    Schema,
    array,
    obj,
)
from adapters.http.compute.gateway.versioned import Schemas

_IP: Schema = TEXT | {"oneOf": [{"format": "ipv4"}, {"format": "ipv6"}]}
_TAG: Schema = TEXT | {"pattern": "^[^,/]*$", "minLength": 1, "maxLength": 60}
_HOSTNAME: Schema = TEXT | {
    "pattern": "^[a-zA-Z0-9]+[a-zA-Z0-9-]*[a-zA-Z0-9]+$",
    "minLength": 2,
    "maxLength": 63,
}
_FQDN: Schema = TEXT | {"pattern": "^[a-zA-Z0-9-._]*$", "minLength": 1, "maxLength": 255}
_DISK_CONFIG: Schema = TEXT | {"enum": ["AUTO", "MANUAL"]}
_DESCRIPTION: Schema = {
    "type": ["string", "null"],
    "pattern": PRINTABLE,
    "minLength": 0,
    "maxLength": 255,
}
_IDS: Schema = {"oneOf": [array(UUID), UUID]}
_HINTS: Schema = {
    "type": "object",
    "properties": {
        "group": _IDS,
        "different_host": _IDS,
        "same_host": {"type": ["string", "array"], "items": UUID},
        "query": {"type": ["string", "object"]},
        "target_cell": NAME,
        "different_cell": {"type": ["string", "array"], "items": TEXT},
        "build_near_host_ip": _IP,
        "cidr": TEXT | {"pattern": "^/[0-9a-f.:]+$"},
    },
    "additionalProperties": True,
}
_FLAVOR_REF: Schema = {"type": ["string", "integer"], "minLength": 1, "maxLength": 2048}
# Nova wants a UUID here. Ours may have other ids, and a link's last part is taken as for flavors.
_IMAGE_REF: Schema = TEXT | {"maxLength": 2048}


def _network(uuid: Schema, *, tag: bool) -> Schema:
    known = {"fixed_ip": _IP, "port": {"type": ["string", "null"], "format": "uuid"}, "uuid": uuid}
    return array(obj(known | ({"tag": _TAG} if tag else {}), *known, "tag"))


def _needed_networks(*, tag: bool) -> Schema:
    return {"oneOf": [_network(UUID, tag=tag), TEXT | {"enum": ["none", "auto"]}]}


_NEW: dict[str, Schema] = {
    "name": NAME,
    "flavorRef": _FLAVOR_REF,
    "imageRef": _IMAGE_REF,
    "adminPass": TEXT,
    "metadata": METADATA,
    "networks": _network(TEXT, tag=False),
    "OS-DCF:diskConfig": _DISK_CONFIG,
    "accessIPv4": TEXT | {"format": "ipv4"},
    "accessIPv6": TEXT | {"format": "ipv6"},
    "personality": array(
        obj({"path": TEXT, "contents": TEXT | {"format": "base64"}}, "path", "contents")
    ),
    "availability_zone": NAME,
    "block_device_mapping": {"type": "array", "items": {"type": "object"}},
    "block_device_mapping_v2": {"type": "array", "items": {"type": "object"}},
    "config_drive": BOOLEAN,
    "key_name": NAME,
    "min_count": POSITIVE,
    "max_count": POSITIVE,
    "return_reservation_id": BOOLEAN,
    "security_groups": array(obj({"name": NAME}, "name")),
    "user_data": TEXT | {"format": "base64", "maxLength": 65535},
}
_DESCRIBED = _NEW | {"description": _DESCRIPTION}
_TAGGED = _DESCRIBED | {"networks": _network(TEXT, tag=True)}
_NETWORKED = _DESCRIBED | {"networks": _needed_networks(tag=False)}
_RETAGGED = _DESCRIBED | {"networks": _needed_networks(tag=True)}
_WITH_TAGS = _RETAGGED | {"tags": array(_TAG) | {"maxItems": 50}}
_NO_FILES = {name: schema for name, schema in _WITH_TAGS.items() if name != "personality"}
_CERTIFIED = _NO_FILES | {
    "trusted_image_certificates": {
        "type": ["array", "null"],
        "minItems": 1,
        "maxItems": 50,
        "uniqueItems": True,
        "items": TEXT | {"minLength": 1, "maxLength": 255},
    }
}
_PLACED = _CERTIFIED | {"host": _FQDN, "hypervisor_hostname": _FQDN}
_BY_VERSION: dict[V, dict[str, Schema]] = {
    OLDEST: _NEW,
    V(2, 19): _DESCRIBED,
    V(2, 32): _TAGGED,
    V(2, 37): _NETWORKED,
    V(2, 42): _RETAGGED,
    V(2, 52): _WITH_TAGS,
    V(2, 57): _NO_FILES,
    V(2, 63): _CERTIFIED,
    V(2, 74): _PLACED,
    V(2, 90): _PLACED | {"hostname": _HOSTNAME},
    V(2, 94): _PLACED | {"hostname": _FQDN},
}


def _create(at: V, properties: dict[str, Schema]) -> Schema:
    needed = {"name", "flavorRef", *(("networks",) if at >= V(2, 37) else ())}
    hints = ("os:scheduler_hints", "OS-SCH-HNT:scheduler_hints")
    server = obj(properties, *(properties.keys() - needed))
    return obj({"server": server} | dict.fromkeys(hints, _HINTS), *hints)


CREATE: Schemas = {at: _create(at, properties) for at, properties in _BY_VERSION.items()}

_CHANGE: dict[str, Schema] = {
    name: _NEW[name] for name in ("name", "OS-DCF:diskConfig", "accessIPv4", "accessIPv6")
}
_REDESCRIBE = _CHANGE | {"description": _DESCRIPTION}
_ZONE: Schema = {
    "oneOf": [{"type": "string", "minLength": 1, "maxLength": 255}, {"type": "null"}],
}


def _update(properties: dict[str, Schema]) -> Schema:
    return obj({"server": obj(properties, *properties)})


UPDATE: Schemas = {
    OLDEST: _update(_CHANGE),
    V(2, 19): _update(_REDESCRIBE),
    V(2, 90): _update(_REDESCRIBE | {"hostname": _HOSTNAME}),
    V(2, 94): _update(_REDESCRIBE | {"hostname": _FQDN}),
    V(2, 104): _update(_REDESCRIBE | {"hostname": _FQDN, "pinned_availability_zone": _ZONE}),
}

# Actions

RESIZE: Schemas = {
    OLDEST: obj(
        {"resize": obj({"flavorRef": _FLAVOR_REF, "OS-DCF:diskConfig": _DISK_CONFIG}, *_CHANGE)}
    )
}
_SIZE: Schema = {"type": "integer", "minimum": 1}
_CONSENT: dict[str, Schema] = {
    "consent": TEXT | {"enum": ["live", "migrate", "restart"]},
    "reason": TEXT | {"maxLength": 1000, "pattern": PRINTABLE},
}
_BY_NUMBERS: dict[str, Schema] = {
    "vcpus": _SIZE | {"maximum": 4096},
    "ram": _SIZE | {"maximum": 2**26},
}
# By numbers of which one may stay as it is, or by those of a flavor.
_SCALE: Schema = obj(
    _BY_NUMBERS | {"flavorRef": _FLAVOR_REF} | _CONSENT, *_BY_NUMBERS, "flavorRef", *_CONSENT
)
SCALE: Schemas = {OLDEST: obj({"scale": _SCALE})}


def bare(action: str) -> Schemas:
    """An action that takes nothing; Nova takes anything there."""
    return {OLDEST: obj({action: {}})}
