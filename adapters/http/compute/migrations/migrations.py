"""/os-migrations and /servers/{id}/migrations: which servers went where, for those who oversee."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from adapters.http.compute.gateway.calls import Call
from adapters.http.compute.gateway.faults import Fault
from adapters.http.compute.gateway.formats import moment
from adapters.http.compute.gateway.microversions import V
from adapters.http.compute.gateway.paging import MOST, limit_of, next_link
from adapters.http.compute.gateway.routes import route
from adapters.http.compute.migrations import migration_schemas as schemas
from adapters.http.compute.migrations.migration_view import is_under_way, listed, of_server
from adapters.http.compute.visible import found
from adapters.http.gateway import pieces
from projections import migrations
from projections.migrations import Migration

_PAGED = V(2, 59)
_OF_SERVER = "/servers/{server:str}/migrations"
_RULE = "os_compute_api:servers:migrations"
_NO_MARKER = "Marker {} could not be found."
_NOBODY = UUID(int=0)

MigrationFilter = Callable[[Migration], bool]


@route(
    "GET",
    "/os-migrations",
    name="compute_list_migrations",
    heavy=True,
    may="oversee",
    query=schemas.LIST_QUERY,
    answer=schemas.LISTED,
    rule="os_compute_api:os-migrations:index",
)
async def list_migrations(call: Call) -> Any:
    """The latest first."""
    await call.reads.reach_tables(call.reads.readside.position)
    rows = await _filtered(call)
    views = await pieces.each(lambda row: listed(row, call.at, call.links), rows)
    answer: dict[str, Any] = {"migrations": views}
    if call.at >= _PAGED and (more := next_link(call, rows, _uuid, "os-migrations")):
        answer["migrations_links"] = more
    return answer


@route(
    "GET",
    _OF_SERVER,
    name="compute_list_server_migrations",
    may="oversee",
    since=V(2, 23),
    answer=schemas.LISTED_OF_SERVER,
    rule=f"{_RULE}:index",
)
async def list_server_migrations(call: Call) -> Any:
    """Those of one server that are under way."""
    return {"migrations": [of_server(one, call.at) for one in await _under_way(call)]}


@route(
    "GET",
    f"{_OF_SERVER}/{{migration:str}}",
    name="compute_show_server_migration",
    may="oversee",
    since=V(2, 23),
    answer=schemas.SHOWN_OF_SERVER,
    rule=f"{_RULE}:show",
)
async def show_server_migration(call: Call) -> Any:
    """One of them."""
    id_ = call.path["migration"]
    for one in await _under_way(call):
        if str(one.position) == id_:
            return {"migration": of_server(one, call.at)}
    raise Fault(
        404,
        f"In-progress live migration {id_} is not found for server {call.path['server']}.",
    )


async def _under_way(call: Call) -> list[Migration]:
    """Raises NotFound, NotThereYet, Unavailable."""
    row = found(call)
    await call.reads.reach_tables(row.position)
    # One operation a server: only the latest can be.
    return [one for one in await _read(call, 1, server=row.id) if is_under_way(one)]


async def _filtered(call: Call) -> list[Migration]:
    """Raises Fault, Unavailable."""
    fits, paged = _fits(call), call.at >= _PAGED
    limit = limit_of(call) if paged else MOST
    below = await _below(call) if paged else None
    shown: list[Migration] = []
    while len(shown) < limit:
        some = await _read(call, limit, below=below, server=_server(call))
        shown += [one for one in some if fits(one)]
        if len(some) < limit:
            break
        below = some[-1].position
    return shown[:limit]


async def _read(
    call: Call, limit: int, *, server: UUID | None, below: int | None = None
) -> list[Migration]:
    """Raises Unavailable."""
    values = {
        "server": server,
        "project": call.one("project_id"),
        "user": call.one("user_id"),
        "host": call.one("host"),
        "source": call.one("source_compute"),
        "below": below,
        "limit": limit,
        "ends": list(migrations.ENDS),
    }
    fields = Migration.__struct_fields__
    rows = await call.reads.select(migrations.LIST, values)
    return [msgspec.convert(dict(zip(fields, row, strict=True)), Migration) for row in rows]


def _fits(call: Call) -> MigrationFilter:
    """Raises Fault."""
    status, type_ = call.one("status"), call.one("migration_type")
    since, before = _moment(call, "changes-since"), _moment(call, "changes-before")
    if since and before and before < since:
        raise Fault(400, "The value of changes-since must be less than or equal to changes-before.")

    def fits(one: Migration) -> bool:
        return (
            status in {None, one.status}
            and type_ in {None, one.type}
            and (since is None or one.updated >= since)
            and (before is None or one.updated <= before)
        )

    return fits


def _moment(call: Call, name: str) -> datetime | None:
    """The schema has seen to it that it is one."""
    given = call.one(name)
    return moment(given) if given else None


def _server(call: Call) -> UUID | None:
    """What is no id is that of no server."""
    given = call.one("instance_uuid")
    try:
        return UUID(given) if given else None
    except ValueError:
        return _NOBODY


async def _below(call: Call) -> int | None:
    """Where the page begins. Raises Fault, Unavailable."""
    if (marker := call.one("marker")) is None:
        return None
    try:
        operation, position = migrations.place_of(marker)
    except ValueError as e:
        raise Fault(400, _NO_MARKER.format(marker)) from e
    values = {"operation": operation, "position": position}
    if not await call.reads.select(migrations.FIND, values):
        raise Fault(400, _NO_MARKER.format(marker))
    return position


def _uuid(row: Migration) -> str:
    return row.uuid
