"""``ullage history``: who changed what, when, from what, to what, why."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from cyclopts import Parameter
from rich.text import Text

from adapters.cli import changes, show
from adapters.cli.client import Document, connected
from adapters.cli.words import Every, Json, Limit, ProjectOption, ServerOption

_Moment = Annotated[
    datetime | None, Parameter(help="As 2026-01-31 or 2026-01-31T12:00:00; UTC if not said.")
]


def history(
    *,
    server: ServerOption = None,
    project: ProjectOption = None,
    actor: Annotated[str | None, Parameter(help="Only what this token's name did.")] = None,
    kind: Annotated[str | None, Parameter(help="Only such, as server.scale-requested.")] = None,
    since: _Moment = None,
    until: _Moment = None,
    limit: Limit = 20,
    every: Every = False,
    as_json: Json = False,
) -> None:
    """The latest first."""
    api = connected()
    page = api.page(
        "/v1/history",
        limit=limit,
        every=every,
        server=api.server(server) if server else None,
        project=project,
        actor=actor,
        kind=kind,
        since=_utc(since),
        until=_utc(until),
    )
    if as_json:
        show.document(page)
    else:
        _print(page)


def _print(page: Document) -> None:
    table = show.table("#", "When (UTC)", "By", "What", right=("#",))
    for one in page["items"]:
        when = show.moment(one["at"])
        table.add_row(str(one["position"]), when, show.text(one["by"]), _what(one))
    show.out().print(table)
    show.more(page)


def _what(entry: Document) -> Text:
    """The kind, and beneath it the change and the reason."""
    text = Text()
    text.append(entry["kind"], style="bold")
    if of := entry["project"] or entry["body"].get("host"):
        text.append(f" {of}")
    if change := changes.change(entry):
        text.append(f"\n{change}")
    if entry["why"]:
        text.append("\n").append_text(show.text(entry["why"])).stylize("italic", -len(entry["why"]))
    return text


def _utc(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat()
