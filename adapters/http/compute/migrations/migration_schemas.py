"""What requests about migrations may say and how they are answered, by microversion."""

from __future__ import annotations

from adapters.http.compute.gateway.microversions import OLDEST, V
from adapters.http.compute.gateway.parameters import (
    INTEGER,
    LINKS,
    NON_NEGATIVE,
    TEXT,
    Schema,
    array,
    obj,
    query,
    single,
)
from adapters.http.compute.gateway.versioned import Schemas

_OR_NULL: Schema = {"type": ["string", "null"]}
_NULL: Schema = {"type": "null"}
_MOMENT: Schema = TEXT | {"format": "date-time"}

_FILTERS: dict[str, Schema] = dict.fromkeys(
    ("hidden", "host", "instance_uuid", "source_compute", "status", "migration_type"), TEXT
)


def _strict(**more: Schema) -> Schema:
    schema = query(_FILTERS, extra=False)
    paged = {"limit": NON_NEGATIVE, "marker": TEXT, "changes-since": _MOMENT} | more
    once = {name: single(one) for name, one in paged.items()}
    return schema | {"properties": schema["properties"] | once}


_BEFORE = {"changes-before": _MOMENT}
LIST_QUERY: Schemas = {
    OLDEST: query(_FILTERS),
    V(2, 59): _strict(),
    V(2, 66): _strict(**_BEFORE),
    V(2, 80): _strict(**_BEFORE, user_id=TEXT, project_id=TEXT),
}

_PLACES: dict[str, Schema] = dict.fromkeys(
    ("source_compute", "dest_compute", "source_node", "dest_node", "dest_host"), _OR_NULL
)
_MIGRATION: dict[str, Schema] = _PLACES | {
    "id": INTEGER,
    "instance_uuid": TEXT,
    "status": TEXT,
    "created_at": TEXT,
    "updated_at": TEXT,
    "old_instance_type_id": _NULL,
    "new_instance_type_id": _NULL,
}
_TYPED = _MIGRATION | {"migration_type": TEXT, "links": LINKS}
_NAMED = _TYPED | {"uuid": TEXT}
_OWNED = _NAMED | {"user_id": TEXT, "project_id": TEXT}


def _migrations(migration: dict[str, Schema]) -> Schema:
    listed = array(obj(migration, "links"))
    return obj({"migrations": listed, "migrations_links": LINKS}, "migrations_links")


LISTED: Schemas = {
    OLDEST: _migrations(_MIGRATION),
    V(2, 23): _migrations(_TYPED),
    V(2, 59): _migrations(_NAMED),
    V(2, 80): _migrations(_OWNED),
}

_BYTES: dict[str, Schema] = {
    f"{what}_{how}_bytes": _NULL
    for what in ("memory", "disk")
    for how in ("total", "processed", "remaining")
}
_OF_SERVER: dict[str, Schema] = (
    _PLACES
    | _BYTES
    | {
        "id": INTEGER,
        "server_uuid": TEXT,
        "status": TEXT,
        "created_at": TEXT,
        "updated_at": TEXT,
    }
)
_OF_SERVER_NAMED = _OF_SERVER | {"uuid": TEXT}
_OF_SERVER_OWNED = _OF_SERVER_NAMED | {"user_id": TEXT, "project_id": TEXT}
_BY_VERSION = {V(2, 23): _OF_SERVER, V(2, 59): _OF_SERVER_NAMED, V(2, 80): _OF_SERVER_OWNED}

LISTED_OF_SERVER: Schemas = {
    at: obj({"migrations": array(obj(one))}) for at, one in _BY_VERSION.items()
}
SHOWN_OF_SERVER: Schemas = {at: obj({"migration": obj(one)}) for at, one in _BY_VERSION.items()}
