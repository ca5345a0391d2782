"""The servers that a list is asked for, as they are in memory."""

from __future__ import annotations

from adapters.http.compute.faults import Fault
from adapters.http.compute.routes import Call
from adapters.http.compute.server_columns import COLUMNS, EXACT, text
from adapters.http.compute.server_states import is_there, states
from adapters.http.compute.server_wanted import Wanted
from adapters.readside.patterns import PatternInvalid
from projections.servers import ServerRow

Rows = list[ServerRow]


async def filtered(call: Call, wanted: Wanted) -> Rows:
    """In the order in which they came. Addresses are not kept here, so that they filter nothing.

    Raises Fault, Unavailable.
    """
    servers = call.region.readside.models.servers
    of = servers.all() if wanted.project is None else servers.of_project(wanted.project)
    rows = [row for row in of if _fits(wanted, row)]
    for name, value in wanted.columns.items():
        if name in EXACT:
            rows = [row for row in rows if COLUMNS[name](call, row) == value]
        elif name in COLUMNS:
            rows = await _matching(call, rows, name, value)
    return rows


def _fits(wanted: Wanted, row: ServerRow) -> bool:
    if wanted.deleted is not None and wanted.deleted == is_there(row.state):
        return False
    if (wanted.since and row.updated < wanted.since) or (
        wanted.before and row.updated > wanted.before
    ):
        return False
    if wanted.statuses and states(row.state).status.lower() not in wanted.statuses:
        return False
    # No server has a tag: none has all of some, nor any of some.
    return not (wanted.tags.get("tags") or wanted.tags.get("tags-any"))


async def _matching(call: Call, rows: Rows, name: str, pattern: str) -> Rows:
    """Raises Fault, Unavailable."""
    read = COLUMNS[name]
    known = [(row, found) for row in rows if (found := text(read(call, row))) is not None]
    try:
        so = await call.region.matches(pattern, [found for _, found in known])
    except PatternInvalid as e:
        raise Fault(400, f"Invalid filter {name}: {e}") from e
    return [row for (row, _), one in zip(known, so, strict=True) if one]
