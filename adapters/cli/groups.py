"""``ullage group``: server groups, and which servers are in them."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from cyclopts import Parameter

from adapters.cli.kit import completing, entries, finding
from adapters.cli.kit import show as showing
from adapters.cli.kit.client import Document, connected
from adapters.cli.kit.entries import IfMatchOption, Named
from adapters.cli.kit.options import (
    Every,
    Ids,
    Json,
    KeyOption,
    LimitOption,
    ProjectOption,
    ReasonOption,
    ServerArgument,
)
from adapters.cli.kit.times import AsOfOption
from domain.hosts.neighbours import GroupPolicy

PATH = "/v1/server-groups"
_Group = Annotated[Named, Parameter(completer=completing.listed(PATH))]


def create(
    name: Annotated[str, Parameter(help="Name.")],
    /,
    *,
    policy: Annotated[
        GroupPolicy,
        Parameter(
            help="Keep servers on one host (affinity) or apart (anti-affinity); soft: if possible."
        ),
    ],
    max_server_per_host: Annotated[
        int | None, Parameter(help="With anti-affinity: how many members a host may have.")
    ] = None,
    project: Annotated[
        str | None, Parameter(help="Project; needed with a token that sees all projects.")
    ] = None,
    reason: ReasonOption = "",
    idempotency_key: KeyOption = None,
    as_json: Json = False,
) -> None:
    body: Document = {"name": name, "policy": policy, "reason": reason}
    body |= entries.given(max_server_per_host=max_server_per_host, project=project)
    _print(connected().post(PATH, body, key=idempotency_key), as_json=as_json)


def listed(
    *,
    project: ProjectOption = None,
    as_of: AsOfOption = None,
    limit: LimitOption = 100,
    every: Every = False,
    ids: Ids = False,
    as_json: Json = False,
) -> None:
    page = connected().page(PATH, limit=limit, every=every, project=project, as_of=as_of)
    if as_json:
        showing.document(page)
        return
    columns = ("Name", "ID", "Project", "Policy", "Members")
    table = showing.table(*columns, right=("Members",), ids=ids)
    for one in page["items"]:
        words = (one["name"], showing.id_(one["id"], whole=ids), one["project"], one["policy"])
        table.add_row(*map(showing.text, (*words, len(one["members"]))))
    showing.rows(table, "server groups")
    showing.more(page)


def show(group: _Group, /, *, as_of: AsOfOption = None, as_json: Json = False) -> None:
    api = connected()
    id_ = entries.found(api, PATH, group, as_of=as_of)
    _print(api.get(f"{PATH}/{id_}", {"as_of": as_of}), as_json=as_json)


def delete(
    group: _Group,
    /,
    *,
    if_match: IfMatchOption = None,
    reason: ReasonOption = "",
    as_json: Json = False,
) -> None:
    """Its servers stay."""
    entries.delete(PATH, group, if_match, reason, as_json=as_json)


def join(
    group: _Group, server: ServerArgument, /, *, reason: ReasonOption = "", as_json: Json = False
) -> None:
    """Works only if the server runs where the group's policy allows it."""
    api = connected()
    path = f"{PATH}/{entries.found(api, PATH, group)}/members/{finding.server(api, server)}"
    why = f"?reason={quote(reason)}" if reason else ""
    _print(api.put(f"{path}{why}", {}), as_json=as_json)


def leave(
    group: _Group, server: ServerArgument, /, *, reason: ReasonOption = "", as_json: Json = False
) -> None:
    api = connected()
    path = f"{PATH}/{entries.found(api, PATH, group)}/members/{finding.server(api, server)}"
    _print(api.delete(path, reason=reason), as_json=as_json)


def _print(group: Document, *, as_json: bool) -> None:
    if as_json:
        showing.document(group)
        return
    rows = {
        "Name": group["name"],
        "ID": group["id"],
        "Project": group["project"],
        "User": group["user"],
        "Policy": group["policy"],
        "At most": _most(group),
        "Members": "\n".join(group["members"]),
        "Version": group["version"],
    }
    showing.out().print(showing.facts(rows))


def _most(group: Document) -> str | None:
    if group["policy"] != "anti-affinity":
        return None
    return f"{group['max_server_per_host'] or 1} a host"
