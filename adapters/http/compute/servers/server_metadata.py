"""/servers/{id}/metadata: what people write on a server, item by item."""

from __future__ import annotations

from typing import Any

from adapters.http.compute.gateway.calls import Call
from adapters.http.compute.gateway.faults import Fault
from adapters.http.compute.gateway.microversions import OLDEST
from adapters.http.compute.gateway.parameters import METADATA, TEXT, Schema, obj
from adapters.http.compute.gateway.routes import route
from adapters.http.compute.gateway.versioned import Schemas
from adapters.http.compute.servers.server_refusals import must_rest
from adapters.http.compute.visible import found
from adapters.http.gateway.dispatch import told
from commands.servers.describe_server import DescribeServer, ServerDescription

_RULE = "os_compute_api:server-metadata"
_PATH = "/servers/{server:str}/metadata"
_MISSING = "Metadata item was not found"

_SHOWN: Schema = {"type": "object", "additionalProperties": TEXT}
_ALL: Schemas = {OLDEST: obj({"metadata": _SHOWN})}
_ONE: Schemas = {OLDEST: obj({"meta": _SHOWN})}
_METADATA: Schemas = {OLDEST: obj({"metadata": METADATA})}
_ITEM: Schemas = {OLDEST: obj({"meta": METADATA | {"minProperties": 1, "maxProperties": 1}})}


@route("GET", _PATH, name="compute_list_metadata", may="see", answer=_ALL, rule=f"{_RULE}:index")
async def list_metadata(call: Call) -> Any:
    """All of a server's."""
    return {"metadata": found(call).state.description.metadata}


@route(
    "POST",
    _PATH,
    name="compute_create_metadata",
    may="change",
    body=_METADATA,
    answer=_ALL,
    rule=f"{_RULE}:create",
)
async def create_metadata(call: Call) -> Any:
    """These beside those that are there."""
    return {"metadata": await _described(call, call.body["metadata"])}


@route(
    "PUT",
    _PATH,
    name="compute_replace_metadata",
    may="change",
    body=_METADATA,
    answer=_ALL,
    rule=f"{_RULE}:update_all",
)
async def replace_metadata(call: Call) -> Any:
    """These in place of those that are there."""
    return {"metadata": await _described(call, call.body["metadata"], only=True)}


@route(
    "GET",
    f"{_PATH}/{{key:str}}",
    name="compute_show_metadata_item",
    may="see",
    answer=_ONE,
    rule=f"{_RULE}:show",
)
async def show_metadata_item(call: Call) -> Any:
    """One item."""
    key = _key(call)
    return {"meta": {key: found(call).state.description.metadata[key]}}


@route(
    "PUT",
    f"{_PATH}/{{key:str}}",
    name="compute_update_metadata_item",
    may="change",
    body=_ITEM,
    answer=_ONE,
    rule=f"{_RULE}:update",
)
async def update_metadata_item(call: Call) -> Any:
    """One item, made or changed."""
    item = call.body["meta"]
    found(call)
    if call.path["key"] not in item:
        raise Fault(400, "Request body and URI mismatch")
    await _described(call, item)
    return {"meta": item}


@route(
    "DELETE",
    f"{_PATH}/{{key:str}}",
    name="compute_delete_metadata_item",
    may="change",
    status=204,
    rule=f"{_RULE}:delete",
)
async def delete_metadata_item(call: Call) -> None:
    """One item less."""
    await _described(call, {_key(call): None})


def _key(call: Call) -> str:
    """One that is there. Raises NotFound, Fault."""
    if (key := call.path["key"]) not in found(call).state.description.metadata:
        raise Fault(404, _MISSING)
    return key


async def _described(
    call: Call, metadata: dict[str, str | None], *, only: bool = False
) -> dict[str, str]:
    """All of it, as it is now. Raises all that the sequencer does."""
    row = found(call)
    must_rest(row, "delete metadata" if None in metadata.values() else "update metadata")
    command = DescribeServer(server=row.id, metadata=metadata, only=only)
    return told(await call.ask(command), ServerDescription).described.metadata
