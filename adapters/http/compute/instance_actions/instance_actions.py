"""/servers/{id}/os-instance-actions: what was asked of a server, by whom, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import msgspec

from adapters.http.compute.gateway.calls import Call
from adapters.http.compute.gateway.faults import Fault
from adapters.http.compute.gateway.formats import moment
from adapters.http.compute.gateway.microversions import V
from adapters.http.compute.gateway.paging import limit_of
from adapters.http.compute.gateway.routes import route
from adapters.http.compute.instance_actions import instance_action_schemas as schemas
from adapters.http.compute.instance_actions.instance_action_view import brief, request_id, whole
from adapters.http.compute.visible import found
from projections import instance_actions
from projections.instance_actions import ActionOutcome, InstanceAction
from projections.servers import ServerRow

_RULE = "os_compute_api:os-instance-actions"
_PATH = "/servers/{server:str}/os-instance-actions"
_PREFIX = "req-"
_DELETED, _PAGED = V(2, 21), V(2, 58)

ActionFilter = Callable[[InstanceAction], bool]


@route(
    "GET",
    _PATH,
    name="compute_list_instance_actions",
    heavy=True,
    may="see",
    query=schemas.LIST_QUERY,
    answer=schemas.LISTED,
    rule=f"{_RULE}:list",
)
async def list_instance_actions(call: Call) -> Any:
    """All of a server's, the latest first."""
    row = await _server(call)
    limit = limit_of(call)
    actions = await _actions(call, row, await _below(call, row), limit)
    answer: dict[str, Any] = {"instanceActions": [brief(one, row.id, call.at) for one in actions]}
    if call.at >= _PAGED and limit and len(actions) == limit:
        collection = f"servers/{row.id}/os-instance-actions"
        answer["links"] = call.links.next(collection, call.query, request_id(actions[-1]))
    return answer


@route(
    "GET",
    f"{_PATH}/{{action:str}}",
    name="compute_show_instance_action",
    may="see",
    answer=schemas.SHOWN,
    rule=f"{_RULE}:show",
)
async def show_instance_action(call: Call) -> Any:
    """One, with what was done for it."""
    row, given = await _server(call), call.path["action"]
    position = await _position(call, row, given)
    if position is None:
        raise Fault(404, f"Action {given} not found")
    rows = await _read(call, row, position, 1, ahead=True)
    return {"instanceAction": whole(call, row, rows[0])}


async def _server(call: Call) -> ServerRow:
    """Also one that is gone, from 2.21 on. What is known of it stands in history before it is
    looked for there. Raises NotFound, NotThereYet."""
    row = found(call, deleted=call.at >= _DELETED)
    await call.reads.reach_tables(row.position)
    return row


async def _actions(
    call: Call, row: ServerRow, below: int | None, limit: int
) -> list[InstanceAction]:
    """Raises Fault, Unavailable."""
    fits, shown = _filter(call), list[InstanceAction]()
    while len(shown) < limit:
        some = await _read(call, row, below, limit)
        shown += [one for one in some if fits(one)]
        if len(some) < limit:
            break
        below = some[-1].position
    return shown[:limit]


async def _read(
    call: Call, row: ServerRow, position: int | None, limit: int, *, ahead: bool = False
) -> list[InstanceAction]:
    """The latest below a position, or that which begins there. Raises Unavailable."""
    sql = instance_actions.ONE if ahead else instance_actions.LIST
    values = {
        "server": row.id,
        "position": position,
        "limit": limit,
        "requests": list(instance_actions.REQUESTS),
        "kinds": list(instance_actions.KINDS),
    }
    fields = ActionOutcome.__struct_fields__
    rows = await call.reads.select(sql, values)
    return instance_actions.actions(
        msgspec.convert(dict(zip(fields, one, strict=True)), ActionOutcome) for one in rows
    )


async def _below(call: Call, row: ServerRow) -> int | None:
    """Where the page begins. Raises Fault, Unavailable."""
    if (marker := call.one("marker")) is None:
        return None
    position = await _position(call, row, marker)
    if position is None:
        raise Fault(400, f"Marker {marker} could not be found.")
    return position


async def _position(call: Call, row: ServerRow, given: str) -> int | None:
    """Raises Unavailable."""
    try:
        because = UUID(given.removeprefix(_PREFIX))
    except ValueError:
        return None
    values = {
        "server": row.id,
        "because": because,
        "requests": list(instance_actions.REQUESTS),
    }
    found_ = await call.reads.select(instance_actions.FIND, values)
    return int(found_[0][0]) if found_ else None


def _filter(call: Call) -> ActionFilter:
    """Raises Fault."""
    since, before = call.one("changes-since"), call.one("changes-before")
    least = moment(since) if since else None
    most = moment(before) if before else None
    if least and most and most < least:
        raise Fault(400, "The value of changes-since must be less than or equal to changes-before.")
    return lambda one: (
        (least is None or one.updated >= least) and (most is None or one.updated <= most)
    )
