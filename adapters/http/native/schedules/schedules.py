"""/v1/schedules: which scales wait for their time, and what became of those that did."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Response
from litestar.params import FromPath, QueryParameter

from adapters.http.gateway.dispatch import (
    Asking,
    actor_of,
    etag,
)
from adapters.http.gateway.parts.reads import Reads
from adapters.http.gateway.policy import shown_project
from adapters.http.native import paging
from adapters.http.native.fields import (
    After,
    ProjectQuery,
    ServerQuery,
)
from adapters.http.native.prefixes import PrefixQuery, id_range
from adapters.http.native.routes import get
from adapters.http.native.schedules.schedule_view import ScheduleView, found_schedule, view_schedule
from adapters.readside.tables import catalogue_row
from domain.schedules.schedule_refusals import ScheduleState
from projections import schedules

_StateQuery = Annotated[
    ScheduleState | None,
    QueryParameter(name="state", description="Only schedules in this state."),
]


@get("/v1/schedules", may="see", heavy=True)
async def list_schedules(
    request: Asking,
    reads: Reads,
    after: After = None,
    server: ServerQuery = None,
    project: ProjectQuery = None,
    in_state: _StateQuery = None,
    prefix: PrefixQuery = None,
    limit: paging.PageLimit = 100,
    cursor: paging.Cursor = None,
) -> Response[paging.Page[ScheduleView]]:
    """Schedules by id. Readers and members see those of their project."""
    await reads.reach_tables(after)
    upto = paging.id_of(cursor)
    values = {
        "project": shown_project(actor_of(request), project),
        "server": str(server) if server else None,
        "state": in_state,
        "after": str(upto) if upto else None,
        "limit": limit + 1,
    } | {name: str(id_) if id_ else None for name, id_ in id_range(prefix).items()}
    rows = [catalogue_row(row) for row in await reads.select(schedules.LIST, values)]
    return paging.page(
        request, [view_schedule(reads, row) for row in rows], limit, lambda row: row.id
    )


@get("/v1/schedules/{schedule:uuid}", may="see")
async def show_schedule(
    request: Asking, schedule: FromPath[UUID], reads: Reads, after: After = None
) -> Response[ScheduleView]:
    """One schedule, and what became of it."""
    await reads.reach(after)
    row = await found_schedule(request, reads, schedule)
    return Response(view_schedule(reads, row), headers=etag(row.version))
