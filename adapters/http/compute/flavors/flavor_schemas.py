"""What requests about flavors may say and how they are answered, by microversion.

As nova.api.openstack.compute.schemas.flavors and its siblings.
"""

from __future__ import annotations

from typing import Any

from adapters.http.compute.gateway.microversions import OLDEST, V
from adapters.http.compute.gateway.parameters import (
    BOOLEAN,
    FLAVOR_NON_NEGATIVE,
    FLAVOR_POSITIVE,
    INTEGER,
    KEY,
    LINKS,
    METADATA,
    NAME,
    NON_NEGATIVE,
    PRINTABLE,
    TEXT,
    Schema,
    array,
    obj,
    query,
)
from adapters.http.compute.gateway.versioned import Schemas

_SORT_KEYS = (
    *("created_at", "description", "disabled", "ephemeral_gb", "flavorid", "id", "is_public"),
    *("memory_mb", "name", "root_gb", "rxtx_factor", "swap", "updated_at", "vcpu_weight", "vcpus"),
)
_LIST = {
    "limit": NON_NEGATIVE,
    "marker": TEXT,
    "is_public": TEXT,
    "minRam": TEXT,
    "minDisk": TEXT,
    "sort_key": TEXT | {"enum": list(_SORT_KEYS)},
    "sort_dir": TEXT | {"enum": ["asc", "desc"]},
}
_NAMED = _LIST | {
    "name": TEXT,
    "sort_key": TEXT | {"enum": [key for key in _SORT_KEYS if key != "rxtx_factor"]},
}
LIST_QUERY: Schemas = {
    OLDEST: query(_LIST),
    V(2, 75): query(_LIST, extra=False),
    V(2, 102): query(_NAMED, extra=False),
}

_DESCRIPTION: Schema = {
    "type": ["string", "null"],
    "minLength": 0,
    "maxLength": 65535,
    "pattern": PRINTABLE,
}
_NEW: dict[str, Schema] = {
    "name": NAME,
    "id": {
        "type": ["string", "number", "null"],
        "minLength": 1,
        "maxLength": 255,
        "pattern": "^(?! )[a-zA-Z0-9. _-]+(?<! )$",
    },
    "ram": FLAVOR_POSITIVE,
    "vcpus": FLAVOR_POSITIVE,
    "disk": FLAVOR_NON_NEGATIVE,
    "OS-FLV-EXT-DATA:ephemeral": FLAVOR_NON_NEGATIVE,
    "swap": FLAVOR_NON_NEGATIVE,
    "rxtx_factor": {
        "type": ["number", "string"],
        "pattern": r"^[0-9]+(\.[0-9]+)?$",
        "exclusiveMinimum": 0,
        "maximum": 3.40282e38,
    },
    "os-flavor-access:is_public": BOOLEAN,
}
_DESCRIBED = _NEW | {"description": _DESCRIPTION}
_NO_FACTOR = {name: schema for name, schema in _DESCRIBED.items() if name != "rxtx_factor"}


def _create(properties: dict[str, Schema]) -> Schema:
    needed = {"name", "ram", "vcpus", "disk"}
    return obj({"flavor": obj(properties, *(properties.keys() - needed))})


CREATE: Schemas = {
    OLDEST: _create(_NEW),
    V(2, 55): _create(_DESCRIBED),
    V(2, 102): _create(_NO_FACTOR),
}
UPDATE: Schemas = {V(2, 55): obj({"flavor": obj({"description": _DESCRIPTION})})}

_NUMBERS = METADATA | {"patternProperties": {KEY: {"type": ["string", "number"], "maxLength": 255}}}
EXTRA_SPECS: Schemas = {OLDEST: obj({"extra_specs": _NUMBERS})}
EXTRA_SPEC: Schemas = {OLDEST: _NUMBERS | {"minProperties": 1, "maxProperties": 1}}


def access(action: str) -> Schemas:
    """The body of the action that adds or removes a project."""
    tenant = TEXT | {"minLength": 1, "maxLength": 255}
    return {OLDEST: obj({action: obj({"tenant": tenant})})}


# Answers

_BRIEF = {"id": TEXT, "name": TEXT, "links": LINKS}
_WHOLE = _BRIEF | {
    "ram": INTEGER,
    "disk": INTEGER,
    "vcpus": INTEGER,
    "swap": {"anyOf": [INTEGER, {"const": ""}]},
    "OS-FLV-EXT-DATA:ephemeral": INTEGER,
    "OS-FLV-DISABLED:disabled": {"type": "boolean"},
    "os-flavor-access:is_public": {"type": "boolean"},
    "rxtx_factor": {"type": "number"},
}
_TOLD = {"description": {"type": ["string", "null"]}}
_SPECS = {"extra_specs": METADATA}
_LAST = {
    name: schema
    for name, schema in (_WHOLE | _TOLD | _SPECS | {"swap": INTEGER}).items()
    if name not in {"rxtx_factor", "OS-FLV-DISABLED:disabled"}
}
_BY_VERSION: dict[V, dict[str, Schema]] = {
    OLDEST: _WHOLE,
    V(2, 55): _WHOLE | _TOLD,
    V(2, 61): _WHOLE | _TOLD | _SPECS,
    V(2, 75): _WHOLE | _TOLD | _SPECS | {"swap": INTEGER},
    V(2, 102): _LAST,
}


def _flavors(properties: dict[str, Any]) -> Schema:
    return obj({"flavors": array(obj(properties)), "flavors_links": LINKS}, "flavors_links")


FLAVOR: Schemas = {at: obj({"flavor": obj(shown)}) for at, shown in _BY_VERSION.items()}
DETAIL: Schemas = {at: _flavors(shown) for at, shown in _BY_VERSION.items()}
LISTED: Schemas = {OLDEST: _flavors(_BRIEF), V(2, 55): _flavors(_BRIEF | _TOLD)}
SPECS_SHOWN: Schemas = {OLDEST: obj({"extra_specs": _NUMBERS})}
SPEC_SHOWN: Schemas = {OLDEST: _NUMBERS}
ACCESS_SHOWN: Schemas = {
    OLDEST: obj({"flavor_access": array(obj({"flavor_id": TEXT, "tenant_id": TEXT}))})
}
