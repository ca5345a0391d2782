"""A scale that is asked for now and done later: at a time, or in a window."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from cyclopts import Parameter

from adapters.cli.kit import completing, times
from adapters.cli.kit import show as showing
from adapters.cli.kit.client import Api, Document
from adapters.cli.kit.ending import DONE, Stopped
from adapters.cli.kit.entries import given

At = Annotated[
    datetime | None,
    Parameter(
        converter=times.from_tokens,
        metavar="TIME",
        help="Scale at this time, as 2026-07-01T22:00Z; UTC if no offset is given.",
    ),
]
InWindow = Annotated[
    str | None,
    Parameter(
        name="--window", help="Scale when this window opens next.", completer=completing.WINDOWS
    ),
]
GrowAnyTime = Annotated[bool, Parameter(help="Grow at once; only shrinking waits.")]


def make(
    api: Api,
    server: UUID,
    scale: Document,
    *,
    at: datetime | None,
    window: str | None,
    grow_any_time: bool = False,
    key: str | None = None,
    as_json: bool = False,
) -> int:
    """Have ``scale``, the body of a scale, done later. Raises Stopped."""
    grow = {"grow": "any-time"} if grow_any_time else {}
    wish = scale | when(at, window) | grow
    made = api.post(f"/v1/servers/{server}/schedules", wish, key=key)
    if as_json:
        showing.document(made)
    else:
        _made(made)
    return DONE


def when(at: datetime | None, window: str | None) -> Document:
    """The time or the window that was given, as the API takes it. Raises Stopped."""
    if bool(at) == bool(window):
        raise Stopped("Say when it is to be done: either --at or --window.")
    return given(at=at.isoformat() if at else None, window=window)


def _made(made: Document) -> None:
    console = showing.out()
    if made["operation"]:
        console.print(f"What grows is asked for now: operation {made['operation']}.")
    if made["schedule"]:
        due = showing.moment(made["due"])
        console.print(f"Schedule {made['schedule']}, due {due} UTC.")
        again = f"Look at it: ullage schedule show {made['schedule']}"
        showing.err().print(again, style="dim")
