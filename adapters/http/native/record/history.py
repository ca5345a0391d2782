"""/v1/history: every fact, searchable: who, when, what, from, to, why."""

from __future__ import annotations

from typing import Annotated, get_args

import msgspec
from litestar import Response
from litestar.exceptions import ValidationException
from litestar.params import QueryParameter

from adapters.http.gateway import pieces
from adapters.http.gateway.dispatch import Asking, actor_of
from adapters.http.gateway.moments import Moment, moment
from adapters.http.gateway.parts.reads import Reads
from adapters.http.gateway.policy import shown_project
from adapters.http.native import paging
from adapters.http.native.fields import After, ProjectQuery, ServerQuery
from adapters.http.native.routes import get
from adapters.texts import KIND, PRINTABLE
from domain.history import AnyEvent
from projections import history
from projections.history import Entry, HistoryRow, entry

_Actor = Annotated[str | None, QueryParameter(max_length=255, pattern=PRINTABLE, description="By.")]
_KINDS = sorted(str(one.__struct_config__.tag) for one in get_args(AnyEvent))
_Kind = Annotated[
    str | None,
    QueryParameter(max_length=64, pattern=KIND, description="Such facts."),
]


@get("/v1/history", may="see", heavy=True)
async def list_history(
    request: Asking,
    reads: Reads,
    after: After = None,
    project: ProjectQuery = None,
    server: ServerQuery = None,
    actor: _Actor = None,
    kind: _Kind = None,
    since: Moment = None,
    until: Moment = None,
    limit: paging.PageLimit = 100,
    cursor: paging.Cursor = None,
) -> Response[paging.Page[Entry]]:
    """Facts, the latest first. Readers and members see those of their project."""
    if kind and kind not in _KINDS:
        raise ValidationException(f"kind is {kind!r}, but must be one of: {', '.join(_KINDS)}.")
    await reads.reach_tables(after)
    values = {
        "project": shown_project(actor_of(request), project),
        "server": server,
        "actor": actor,
        "kind": kind,
        "since": moment(since, "since"),
        "until": moment(until, "until"),
        "before": paging.position_of(cursor),
        "limit": limit + 1,
    }
    rows = await pieces.each(_row, await reads.select(history.LIST, values))
    shown = await pieces.each(entry, rows)
    return paging.page(request, shown, limit, lambda row: row.position)


def _row(found: object) -> HistoryRow:
    fields = HistoryRow.__struct_fields__
    values = dict(zip(fields, found, strict=True))  # type: ignore[call-overload]
    return msgspec.convert(values, HistoryRow)
