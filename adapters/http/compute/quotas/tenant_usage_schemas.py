"""What requests about usage may say and how they are answered, by microversion.

As nova.api.openstack.compute.schemas.simple_tenant_usage.
"""

from __future__ import annotations

from adapters.http.compute.gateway.microversions import OLDEST, V
from adapters.http.compute.gateway.parameters import (
    INTEGER,
    LINKS,
    NON_NEGATIVE,
    TEXT,
    UUID,
    Schema,
    array,
    obj,
    query,
)
from adapters.http.compute.gateway.versioned import Schemas

PAGED = V(2, 40)

_TIMES = {"start": TEXT, "end": TEXT}
_PAGE = {"limit": NON_NEGATIVE, "marker": TEXT}


def _query(properties: dict[str, Schema]) -> Schemas:
    return {
        OLDEST: query(properties),
        PAGED: query(properties | _PAGE),
        V(2, 75): query(properties | _PAGE, extra=False),
    }


LIST_QUERY = _query(_TIMES | {"detailed": TEXT})
SHOW_QUERY = _query(_TIMES)

# Answers

_NUMBER: Schema = {"type": "number", "minimum": 0}
_SERVER = obj(
    {
        "instance_id": UUID,
        "name": TEXT,
        "tenant_id": TEXT,
        "flavor": TEXT,
        "vcpus": INTEGER,
        "memory_mb": INTEGER,
        "local_gb": INTEGER,
        "hours": _NUMBER,
        "started_at": TEXT,
        "ended_at": {"type": ["string", "null"]},
        "state": TEXT,
        "uptime": INTEGER,
    }
)
_PROJECT: dict[str, Schema] = {
    "tenant_id": TEXT,
    "start": TEXT,
    "stop": TEXT,
    "total_hours": _NUMBER,
    "total_vcpus_usage": _NUMBER,
    "total_memory_mb_usage": _NUMBER,
    "total_local_gb_usage": _NUMBER,
    "server_usages": array(_SERVER),
}
_SHOWN: Schema = {"oneOf": [obj(_PROJECT), obj({})]}


def _answer(name: str, shown: Schema) -> Schemas:
    links = f"{name}_links"
    return {OLDEST: obj({name: shown}), PAGED: obj({name: shown, links: LINKS}, links)}


LISTED = _answer("tenant_usages", array(obj(_PROJECT, "server_usages")))
SHOWN = _answer("tenant_usage", _SHOWN)
