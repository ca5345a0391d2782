"""``ullage usage``: what projects, and their servers, have taken over a time."""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from typing import Annotated
from urllib.parse import quote

from cyclopts import Parameter
from rich.table import Table

from adapters.cli.kit import show as showing
from adapters.cli.kit.client import Api, Document, connected
from adapters.cli.kit.ending import Stopped
from adapters.cli.kit.options import Every, Ids, Json, LimitOption
from adapters.cli.kit.times import SinceOption, UntilOption, utc

_NO_SERVERS = "usage: no server ran in this time"
_SUMS = {
    "Hours": "hours",
    "vCPU h": "vcpu_hours",
    "MiB h": "memory_mib_hours",
    "GiB h": "disk_gib_hours",
}


def usage(
    project: Annotated[str | None, Parameter(help="Only this project.")] = None,
    /,
    *,
    since: SinceOption = None,
    until: UntilOption = None,
    detailed: Annotated[bool, Parameter(help="Show each server of the project.")] = False,
    limit: LimitOption = 100,
    every: Every = False,
    ids: Ids = False,
    as_json: Json = False,
) -> None:
    """Hours of servers, stopped or not, and vCPUs, MiB and GiB of disk times hours; in the last 30
    days, if nothing is said."""
    if detailed and not project:
        raise Stopped("--detailed needs a project: ullage usage PROJECT --detailed.")
    asked = {"since": utc(since), "until": utc(until)}
    api = connected()
    if detailed and project:
        _print(_detailed(api, project, asked, limit, every=every), ids=ids, as_json=as_json)
        return
    page = api.page("/v1/usage", limit=limit, every=every, project=project, **asked)
    _print(page, ids=ids, as_json=as_json)
    if not as_json:
        showing.more(page)


def _detailed(
    api: Api, project: str, asked: dict[str, str | None], limit: int, *, every: bool
) -> Document:
    """The project's own document, with the servers of as many pages as were asked for."""
    path = f"/v1/projects/{quote(project, safe='')}/usage"
    asked = asked | {"detailed": "true"}
    whole: Document = api.get(path, asked | {"limit": 1000 if every else min(limit, 1000)})
    detail = whole["detail"]
    while detail["next"] and every:
        more = api.get(path, asked | {"limit": 1000, "cursor": detail["next"]})["detail"]
        detail["items"] += more["items"]
        detail["next"] = more["next"]
    return whole


def _print(document: Document, *, ids: bool, as_json: bool) -> None:
    if as_json:
        showing.document(document)
    elif "detail" in document:
        showing.rows(_table("Server", _named(ids), document["detail"]["items"]), _NO_SERVERS)
        showing.out().print()
        showing.out().print(_table("Project", itemgetter("project"), [document]))
        showing.more(document["detail"])
    else:
        table = _table("Project", itemgetter("project"), document["items"])
        showing.rows(table, _NO_SERVERS)


def _named(ids: bool) -> Callable[[Document], str]:
    return lambda one: showing.named(one["name"], one["id"], ids=ids)


def _table(what: str, name: Callable[[Document], str], rows: list[Document]) -> Table:
    table = showing.table(what, *_SUMS, right=_SUMS)
    for one in rows:
        table.add_row(showing.text(name(one)), *(f"{one[sum_]:.2f}" for sum_ in _SUMS.values()))
    return table
