"""``ullage history``: who changed what, when, from what, to what, why."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter
from rich.text import Text

from adapters.cli.kit import changes, show
from adapters.cli.kit.client import Document, connected
from adapters.cli.kit.options import Every, Json, LimitOption, ProjectOption, ServerOption
from adapters.cli.kit.times import MomentOption, utc


def history(
    *,
    server: ServerOption = None,
    project: ProjectOption = None,
    actor: Annotated[str | None, Parameter(help="Only what this token's name did.")] = None,
    kind: Annotated[str | None, Parameter(help="Only such, as server.scale-requested.")] = None,
    since: MomentOption = None,
    until: MomentOption = None,
    limit: LimitOption = 20,
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
        since=utc(since),
        until=utc(until),
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
    if entry["kind"] == "quota.user-changed":
        text.append_text(show.text(f" {entry['body']['user']}"))
    if change := changes.change(entry):
        text.append(f"\n{change}")
    if entry["why"]:
        text.append("\n").append_text(show.text(entry["why"])).stylize("italic", -len(entry["why"]))
    return text
