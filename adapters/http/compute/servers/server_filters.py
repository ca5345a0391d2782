"""The servers that a list is asked for, as they are in memory."""

from __future__ import annotations

from functools import partial

from adapters.http.compute.gateway.calls import Call
from adapters.http.compute.gateway.matching import matching
from adapters.http.compute.servers.server_columns import COLUMNS, EXACT, text
from adapters.http.compute.servers.server_states import states
from adapters.http.compute.servers.server_wanted import ServerFilters
from adapters.http.compute.visible import is_there
from adapters.http.gateway import pieces
from projections.servers import ServerRow

ServerRows = list[ServerRow]


async def filtered(call: Call, wanted: ServerFilters) -> ServerRows:
    """In the order in which they came. Addresses are not kept here, so that they filter nothing.

    Raises Fault, Unavailable, ReadTooLong.
    """
    servers = call.reads.models.servers
    of = servers.all() if wanted.project is None else servers.of_project(wanted.project)
    rows = await pieces.kept(partial(_fits, wanted), of)
    patterns = {}
    for name, value in wanted.columns.items():
        if name in EXACT:
            rows = await pieces.kept(partial(_has, call, name, value), rows)
        elif name in COLUMNS:
            patterns[name] = value
    return await matching(call, rows, patterns, partial(_text, call))


def _fits(wanted: ServerFilters, row: ServerRow) -> bool:
    if wanted.deleted is not None and wanted.deleted == is_there(row.state):
        return False
    if (wanted.since and row.updated < wanted.since) or (
        wanted.before and row.updated > wanted.before
    ):
        return False
    if wanted.statuses and not wanted.statuses & states(row.state).found_by:
        return False
    # No server has a tag: none has all of some, nor any of some.
    return not (wanted.tags.get("tags") or wanted.tags.get("tags-any"))


def _has(call: Call, name: str, value: str, row: ServerRow) -> bool:
    return bool(COLUMNS[name](call, row) == value)


def _text(call: Call, name: str, row: ServerRow) -> str | None:
    return text(COLUMNS[name](call, row))
