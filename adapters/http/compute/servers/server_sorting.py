"""In which order servers are listed: Nova's columns, each up or down; the latest first."""

from __future__ import annotations

from functools import partial
from typing import Any

from adapters.http.compute.gateway.calls import Call
from adapters.http.compute.gateway.faults import Fault
from adapters.http.compute.gateway.microversions import V
from adapters.http.compute.servers.server_columns import COLUMNS, IGNORED_KEYS
from adapters.http.gateway import pieces
from adapters.http.gateway.policy import oversees
from projections.servers import ServerRow

_OVERSEEN = frozenset({"host", "node"})
_DIRECTIONS = frozenset({"asc", "desc"})


async def in_order(call: Call, rows: list[ServerRow]) -> list[ServerRow]:
    """``rows`` as they came, by which those are ordered that are the same otherwise.

    Raises Fault.
    """
    keys, directions = _asked(call)
    rest = directions[0] if directions else "desc"
    directions += [rest] * (len(keys) - len(directions))
    listed = await pieces.ordered(rows, key=lambda row: row.created)
    if rest == "desc":
        listed.reverse()
    if keys == ["created_at"]:  # as it mostly is
        return listed
    for key, direction in reversed(list(zip(keys, directions, strict=True))):
        down = direction == "desc"
        listed = await pieces.ordered(listed, partial(_value, call, key), descending=down)
    return listed


def _asked(call: Call) -> tuple[list[str], list[str]]:
    """Raises Fault."""
    keys = [key.strip() for key in call.query.get("sort_key", [])] or ["created_at"]
    directions = [word.strip() for word in call.query.get("sort_dir", [])] or ["desc"]
    for key in list(keys):
        if key in IGNORED_KEYS or (key == "locked" and call.at < V(2, 73)):
            place = keys.index(key)
            del keys[place], directions[place : place + 1]
        elif key in _OVERSEEN and not oversees(call.actor):
            raise Fault(403, f"Only administrators can sort servers by {key}")
    if not set(directions) <= _DIRECTIONS:
        raise Fault(400, "Unknown sort direction, must be one of: asc, desc")
    if len(directions) > max(len(keys), 1):
        raise Fault(400, "Sort direction size exceeds sort key size")
    return keys, directions


def _value(call: Call, key: str, row: ServerRow) -> tuple[bool, Any]:
    """What there is none of comes first."""
    value = COLUMNS[key](call, row)
    return (value is not None, "" if value is None else value)
