"""What requests about server groups may say and how they are answered, by microversion.

As nova.api.openstack.compute.schemas.server_groups.
"""

from __future__ import annotations

from adapters.http.compute.gateway.microversions import OLDEST, V
from adapters.http.compute.gateway.parameters import (
    NAME,
    NON_NEGATIVE,
    POSITIVE,
    TEXT,
    UUID,
    Schema,
    array,
    obj,
    query,
)
from adapters.http.compute.gateway.versioned import Schemas
from domain.quota.limits import MOST

_HARD = ["anti-affinity", "affinity"]
_ALL = [*_HARD, "soft-anti-affinity", "soft-affinity"]

_PER_HOST: Schema = POSITIVE | {"maximum": MOST}


def _policies(among: list[str]) -> Schema:
    return {
        "type": "array",
        "prefixItems": [{"type": "string", "enum": among}],
        "uniqueItems": True,
        "minItems": 1,
        "maxItems": 1,
    }


def _listed(among: list[str]) -> Schema:
    return obj({"server_group": obj({"name": NAME, "policies": _policies(among)})})


_ONE = {
    "name": NAME,
    "policy": TEXT | {"enum": _ALL},
    "rules": obj({"max_server_per_host": _PER_HOST}, "max_server_per_host"),
}
CREATE: Schemas = {
    OLDEST: _listed(_HARD),
    V(2, 15): _listed(_ALL),
    V(2, 64): obj({"server_group": obj(_ONE, "rules")}),
}

_LIST = {"all_projects": TEXT, "limit": NON_NEGATIVE, "offset": NON_NEGATIVE}
LIST_QUERY: Schemas = {OLDEST: query(_LIST), V(2, 75): query(_LIST, extra=False)}

# Answers

_MEMBERS = {"id": UUID, "name": TEXT, "members": array(UUID)}
_OWNED: dict[str, Schema] = {"project_id": TEXT, "user_id": TEXT}
_BEFORE = _MEMBERS | {
    "policies": array(TEXT | {"enum": _ALL}) | {"maxItems": 1},
    "metadata": obj({}),
}
_RULES = obj({"max_server_per_host": {"type": "integer", "minimum": 1}}, "max_server_per_host")
_NOW = _MEMBERS | _OWNED | {"policy": TEXT | {"enum": _ALL}, "rules": _RULES}
_BY_VERSION: dict[V, Schema] = {
    OLDEST: obj(_BEFORE),
    V(2, 13): obj(_BEFORE | _OWNED),
    V(2, 64): obj(_NOW),
}
SHOWN: Schemas = {at: obj({"server_group": group}) for at, group in _BY_VERSION.items()}
LISTED: Schemas = {at: obj({"server_groups": array(group)}) for at, group in _BY_VERSION.items()}
