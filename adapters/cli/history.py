"""``ullage history``: who changed what, when, from what, to what, why."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter
from rich.text import Text

from adapters.cli.kit import changes, completing, finding, show
from adapters.cli.kit.client import Document, connected
from adapters.cli.kit.options import Every, Ids, Json, LimitOption, ProjectOption, ServerOption
from adapters.cli.kit.times import SinceOption, UntilOption, utc

_Kind = Annotated[
    str | None,
    Parameter(help="Only this kind, as server.adopted.", completer=completing.kinds),
]


def history(
    *,
    server: ServerOption = None,
    project: ProjectOption = None,
    actor: Annotated[str | None, Parameter(help="Only what was done under this name.")] = None,
    kind: _Kind = None,
    since: SinceOption = None,
    until: UntilOption = None,
    limit: LimitOption = 20,
    every: Every = False,
    ids: Ids = False,
    as_json: Json = False,
) -> None:
    """The latest first."""
    api = connected()
    page = api.page(
        "/v1/history",
        limit=limit,
        every=every,
        server=finding.server(api, server, deleted=True) if server else None,
        project=project,
        actor=actor,
        kind=kind,
        since=utc(since),
        until=utc(until),
    )
    if as_json:
        show.document(page)
    else:
        _print(page, ids=ids)


def _print(page: Document, *, ids: bool) -> None:
    table = show.table("#", "When (UTC)", "By", "What", right=("#",))
    for one in page["items"]:
        when = show.moment(one["at"])
        table.add_row(str(one["position"]), when, show.text(one["by"]), _what(one, ids=ids))
    show.rows(table, "history entries")
    show.more(page)


def _what(entry: Document, *, ids: bool) -> Text:
    """The kind and of what it is, and beneath it the change and the reason."""
    text = Text()
    text.append(entry["kind"], style="bold")
    text.append_text(show.text(_of(entry, ids=ids)))
    if entry["kind"] == "quota.user-changed":
        text.append_text(show.text(f" {entry['body']['user']}"))
    if change := changes.change(entry):
        text.append(f"\n{change}")
    if entry["why"]:
        text.append("\n").append_text(show.text(entry["why"])).stylize("italic", -len(entry["why"]))
    return text


def _of(entry: Document, *, ids: bool) -> str:
    """As in "web-1 in demo"; of what belongs to no server, the project or the host."""
    project = entry["project"] or entry["body"].get("host")
    if not entry["server"]:
        return f" {project}" if project else ""
    name = show.named(entry["server_name"], entry["server"], ids=ids)
    if entry["kind"].startswith("server."):
        return f" {name} in {project}" if project else f" {name}"
    return f" {project} for {name}"
