"""/v1/usage: what projects have taken over a time, computed from what has happened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, TypeVar

import msgspec
from litestar import Response
from litestar.params import QueryParameter

from adapters.http.gateway.body import BodyInvalid
from adapters.http.gateway.dispatch import Asking, actor_of
from adapters.http.gateway.moments import Moment, moment
from adapters.http.gateway.parts.reads import Reads
from adapters.http.gateway.policy import must_see, shown_project
from adapters.http.native import paging
from adapters.http.native.fields import After, ProjectPath, ProjectQuery
from adapters.http.native.routes import get
from projections import usage
from projections.usage import ProjectUsage, ServerUsage

T = TypeVar("T", bound=msgspec.Struct)

_Detailed = Annotated[bool, QueryParameter(description="With each server, by id, in pages.")]
_USUALLY = timedelta(days=30)
# No cloud is older, and nothing can be taken from the beginning of time.
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


class UsageView(msgspec.Struct, frozen=True, kw_only=True):
    """Hours of servers, and vCPUs, MiB of memory and GiB of disk times hours. ``detail``: the
    servers of a page, if they were asked for; the sums are of all."""

    project: str
    since: datetime
    until: datetime
    servers: int
    hours: float
    vcpu_hours: float
    memory_mib_hours: float
    disk_gib_hours: float
    detail: paging.Page[ServerUsage] | None = None


@get("/v1/projects/{project:str}/usage", may="see", heavy=True)
async def show_usage(
    request: Asking,
    project: ProjectPath,
    reads: Reads,
    after: After = None,
    since: Moment = None,
    until: Moment = None,
    detailed: _Detailed = False,
    limit: paging.PageLimit = 100,
    cursor: paging.Cursor = None,
) -> Response[UsageView]:
    """What a project has taken; in the last 30 days, if nothing is said."""
    must_see(actor_of(request), project, what="project", id=project)
    await reads.reach_tables(after)
    asked = _asked(reads, since, until) | {"project": project, "limit": limit + 1}
    found = await reads.select(usage.PROJECTS, asked)
    whole = _read(ProjectUsage, found[0]) if found else _nothing(project)
    if not detailed:
        return Response(_view(whole, asked))
    rows = await reads.select(usage.SERVERS, asked | {"after": paging.id_of(cursor)})
    page = paging.page(
        request, [_read(ServerUsage, row) for row in rows], limit, lambda row: row.id
    )
    return Response(_view(whole, asked, page.content), headers=page.headers)


@get("/v1/usage", may="see", heavy=True)
async def list_usage(
    request: Asking,
    reads: Reads,
    after: After = None,
    project: ProjectQuery = None,
    since: Moment = None,
    until: Moment = None,
    limit: paging.PageLimit = 100,
    cursor: paging.TextCursor = None,
) -> Response[paging.Page[UsageView]]:
    """What each project has taken, by id. Readers and members see their own."""
    await reads.reach_tables(after)
    asked = _asked(reads, since, until) | {
        "project": shown_project(actor_of(request), project),
        "after_project": paging.text_of(cursor),
        "limit": limit + 1,
    }
    rows = [
        _view(_read(ProjectUsage, row), asked) for row in await reads.select(usage.PROJECTS, asked)
    ]
    return paging.page(request, rows, limit, lambda row: row.project)


def _asked(reads: Reads, since: str | None, until: str | None) -> dict[str, Any]:
    """Nothing is taken in the time to come. Raises BodyInvalid."""
    at = reads.now()
    ends = min(moment(until, "until") or at, at)
    begins = moment(since, "since") or max(ends, _EARLIEST) - _USUALLY
    if begins >= ends:
        raise BodyInvalid("since must be before until, and before now.")
    return {"since": begins, "until": ends, "after": None, "after_project": None}


def _view(
    whole: ProjectUsage, asked: dict[str, Any], detail: paging.Page[ServerUsage] | None = None
) -> UsageView:
    fields = msgspec.structs.asdict(whole)
    return UsageView(**fields, since=asked["since"], until=asked["until"], detail=detail)


def _read(kind: type[T], row: Sequence[Any]) -> T:
    return msgspec.convert(dict(zip(kind.__struct_fields__, row, strict=True)), kind)


def _nothing(project: str) -> ProjectUsage:
    return ProjectUsage(
        project=project,
        servers=0,
        hours=0.0,
        vcpu_hours=0.0,
        memory_mib_hours=0.0,
        disk_gib_hours=0.0,
    )
