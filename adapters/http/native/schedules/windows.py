"""/v1/windows: named maintenance windows."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Response

from adapters.http.gateway import body
from adapters.http.gateway.dispatch import Asking, etag, expected_version
from adapters.http.gateway.parts.reads import Reads
from adapters.http.native import entries, paging
from adapters.http.native.entries import NamePath
from adapters.http.native.fields import After, Reason, Why
from adapters.http.native.routes import delete, get, put
from adapters.texts import CLOCK
from commands.command import Command
from commands.schedules.set_window import SetWindow, WindowRecorded, recorded
from domain.schedules.window import Window
from domain.schedules.window_times import LONGEST, Weekday, WindowTimes

_Zone = Annotated[
    str, msgspec.Meta(max_length=64, description="IANA's name of it, as Europe/Vienna.")
]
_Starts = Annotated[str, msgspec.Meta(pattern=CLOCK, description="Local time.")]
_Minutes = Annotated[int, msgspec.Meta(ge=1, le=LONGEST)]
_Weekdays = Annotated[tuple[Weekday, ...], msgspec.Meta(min_length=1, max_length=7)]


class WindowBody(body.Body, frozen=True, kw_only=True):
    """It opens on these weekdays at this local time, for as many real minutes."""

    timezone: _Zone
    weekdays: _Weekdays
    starts: _Starts
    minutes: _Minutes
    reason: Reason = ""


@get("/v1/windows", may="see")
async def list_windows(
    request: Asking,
    reads: Reads,
    after: After = None,
    limit: paging.PageLimit = 100,
    cursor: paging.TextCursor = None,
) -> Response[paging.Page[WindowRecorded]]:
    """Windows by name."""
    await reads.reach(after)
    rows = reads.models.catalogue.all(Window)
    shown = [
        recorded(row.id, row.state, row.version)
        for row in entries.after_cursor(rows, limit, cursor)
    ]
    return paging.page(request, shown, limit, lambda window: window.name)


@get("/v1/windows/{window:str}", may="see")
async def show_window(
    window: NamePath, reads: Reads, after: After = None
) -> Response[WindowRecorded]:
    """One window."""
    await reads.reach(after)
    row = entries.found(reads, Window, window)
    return Response(recorded(row.id, row.state, row.version), headers=etag(row.version))


@put("/v1/windows/{window:str}", may="operate", reply=WindowRecorded)
async def set_window(request: Asking, window: NamePath, asked: WindowBody) -> Command:
    """Make a window, or change the one of that name."""
    return SetWindow(
        window=window,
        times=WindowTimes(
            timezone=asked.timezone,
            weekdays=asked.weekdays,
            starts=asked.starts,
            minutes=asked.minutes,
        ),
        expected=expected_version(request),
        reason=asked.reason,
    )


@delete("/v1/windows/{window:str}", may="operate", status=204)
async def delete_window(request: Asking, window: NamePath, reason: Why = "") -> Command:
    """Nothing more waits for it."""
    return entries.deletion(request, Window, window, reason)
