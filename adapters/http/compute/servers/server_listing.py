"""Which servers a caller sees: one by its id, or lists of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import Raw

from adapters.http.compute.gateway.calls import Call
from adapters.http.compute.gateway.faults import Fault
from adapters.http.compute.gateway.paging import limit_of, next_link
from adapters.http.compute.servers.server_filters import filtered
from adapters.http.compute.servers.server_sorting import in_order
from adapters.http.compute.servers.server_wanted import wanted
from adapters.http.compute.visible import known_server
from adapters.http.gateway import pieces
from adapters.http.gateway.policy import sees
from projections.servers import ServerRow

_json = msgspec.json.Encoder().encode

View = Callable[[Call, ServerRow], dict[str, Any]]


async def listed(call: Call, collection: str, view: View, rule: str) -> dict[str, Any]:
    """One page of servers, filtered and sorted. Raises Fault, Unavailable."""
    rows = await filtered(call, wanted(call, rule))
    shown = await _page(call, rows)
    answer: dict[str, Any] = {
        "servers": await pieces.each(lambda row: Raw(_json(view(call, row))), shown)
    }
    if more := next_link(call, shown, _id, collection):
        answer["servers_links"] = more
    return answer


async def _page(call: Call, rows: list[ServerRow]) -> list[ServerRow]:
    """A marker keeps its place, though what was the last server of a page may be in the list no
    more. Raises Fault."""
    limit, marker = limit_of(call), call.one("marker")
    if not marker:
        return (await in_order(call, rows))[:limit]
    last = known_server(call, marker)
    if last is None or not sees(call.actor, last.state.project):
        raise Fault(400, f"marker [{marker}] not found")
    place = last.id
    if not any(await pieces.each(lambda row: row.id == place, rows)):
        rows = await pieces.ordered([*rows, last], key=lambda row: row.created)
    ordered = await in_order(call, rows)
    begin = (await pieces.each(lambda row: row.id == place, ordered)).index(True) + 1
    return ordered[begin : begin + limit]


def _id(row: ServerRow) -> str:
    return str(row.id)
