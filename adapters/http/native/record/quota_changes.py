"""/v1/quota-changes: who changed which limit, from what to what, when and why."""

from __future__ import annotations

from litestar import Response

from adapters.http.gateway import pieces
from adapters.http.gateway.dispatch import Asking, actor_of
from adapters.http.gateway.moments import Moment, moment
from adapters.http.gateway.parts.reads import Reads
from adapters.http.gateway.policy import shown_project
from adapters.http.native import paging
from adapters.http.native.fields import After, ProjectQuery
from adapters.http.native.routes import get
from projections import quota_changes
from projections.quota_changes import QuotaChange, quota_change


@get("/v1/quota-changes", may="see", heavy=True)
async def list_quota_changes(
    request: Asking,
    reads: Reads,
    after: After = None,
    project: ProjectQuery = None,
    since: Moment = None,
    until: Moment = None,
    limit: paging.PageLimit = 100,
    cursor: paging.Cursor = None,
) -> Response[paging.Page[QuotaChange]]:
    """Changes of limits, the latest first. Readers and members see those of their project."""
    await reads.reach_tables(after)
    values = {
        "project": shown_project(actor_of(request), project),
        "since": moment(since, "since"),
        "until": moment(until, "until"),
        "before": paging.position_of(cursor),
        "limit": limit + 1,
    }
    rows = await pieces.each(quota_change, await reads.select(quota_changes.LIST, values))
    return paging.page(request, rows, limit, lambda row: row.position)
