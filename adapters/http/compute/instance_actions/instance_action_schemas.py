"""What requests about actions may say and how they are answered, by microversion."""

from __future__ import annotations

from adapters.http.compute.gateway.microversions import OLDEST, V
from adapters.http.compute.gateway.parameters import (
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
_MOMENT: Schema = TEXT | {"format": "date-time"}


def _query(*moments: str) -> Schema:
    known = {"limit": NON_NEGATIVE, "marker": TEXT} | dict.fromkeys(moments, _MOMENT)
    return query({}, extra=False) | {
        "properties": {name: single(schema) for name, schema in known.items()}
    }


LIST_QUERY: Schemas = {
    OLDEST: query({}),
    V(2, 58): _query("changes-since"),
    V(2, 66): _query("changes-since", "changes-before"),
}

_ACTION: dict[str, Schema] = {
    **dict.fromkeys(("action", "instance_uuid", "request_id", "user_id", "project_id"), TEXT),
    "start_time": TEXT,
    "message": _OR_NULL,
}
_UPDATED = _ACTION | {"updated_at": TEXT}
_EVENT: dict[str, Schema] = {
    "event": TEXT,
    "start_time": TEXT,
    "finish_time": _OR_NULL,
    "result": _OR_NULL,
    "traceback": _OR_NULL,
}
_PLACED = _EVENT | {"hostId": TEXT, "host": TEXT}


def _shown(action: dict[str, Schema], event: dict[str, Schema], *optional: str) -> Schema:
    events = array(obj(event, "traceback", "host", "details"))
    return obj({"instanceAction": obj(action | {"events": events}, *optional)})


LISTED: Schemas = {
    OLDEST: obj({"instanceActions": array(obj(_ACTION))}),
    V(2, 58): obj({"instanceActions": array(obj(_UPDATED)), "links": LINKS}, "links"),
}
SHOWN: Schemas = {
    OLDEST: _shown(_ACTION, _EVENT, "events"),
    V(2, 51): _shown(_ACTION, _EVENT),
    V(2, 58): _shown(_UPDATED, _EVENT),
    V(2, 62): _shown(_UPDATED, _PLACED),
    V(2, 84): _shown(_UPDATED, _PLACED | {"details": _OR_NULL}),
}
