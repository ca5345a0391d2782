"""``ullage op``: changes that were asked for, and what came of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

from cyclopts import Parameter

from adapters.cli.kit import completing, finding, following
from adapters.cli.kit import show as showing
from adapters.cli.kit.client import Api, Document, connected
from adapters.cli.kit.options import (
    Every,
    Ids,
    Json,
    LimitOption,
    ProjectOption,
    ReasonOption,
    ServerOption,
    Wait,
)

_Operation = Annotated[
    str,
    Parameter(help="Id, or the first 4 or more digits of it.", completer=completing.OPERATIONS),
]
_PATH = "/v1/operations"
_State = Literal["open", "succeeded", "partly", "failed", "cancelled", "unknown"]


def listed(
    *,
    server: ServerOption = None,
    project: ProjectOption = None,
    state: Annotated[_State | None, Parameter(help="Only operations in this state.")] = None,
    limit: LimitOption = 20,
    every: Every = False,
    ids: Ids = False,
    as_json: Json = False,
) -> None:
    """The latest first."""
    api = connected()
    of = finding.server(api, server, deleted=True) if server else None
    page = api.page(_PATH, limit=limit, every=every, server=of, project=project, state=state)
    if as_json:
        showing.document(page)
        return
    table = showing.table("ID", "Server", "What", "State", "By", "Age", right=("Age",), ids=ids)
    now = datetime.now(UTC)
    for one in page["items"]:
        server_ = showing.named(one["server_name"], one["server"], ids=ids)
        words = (showing.id_(one["id"], whole=ids), server_, _what(one), one["state"], one["by"])
        table.add_row(*map(showing.text, (*words, showing.age(one["requested"], now))))
    showing.rows(table, "operations")
    showing.more(page)


def show(operation: _Operation, /, *, wait: Wait = False, as_json: Json = False) -> int:
    api = connected()
    id_ = _found(api, operation)
    if wait:
        return following.follow(api, id_, wait, as_json=as_json)
    _print(api.get(f"{_PATH}/{id_}"), as_json=as_json)
    return 0


def cancel(operation: _Operation, /, *, reason: ReasonOption = "", as_json: Json = False) -> None:
    """Works only before it is sent to a hypervisor."""
    api = connected()
    path = f"{_PATH}/{_found(api, operation)}"
    api.post(f"{path}/cancel", {"reason": reason})
    if as_json:
        showing.document(api.get(path))
    else:
        showing.out().print("Cancelled. No hypervisor was asked, and nothing is claimed for it.")


def resolve(operation: _Operation, /, *, wait: Wait = False, as_json: Json = False) -> int:
    """The hypervisor is asked what the server has; the operation then ends with that."""
    api = connected()
    id_ = _found(api, operation)
    answer = api.post(f"{_PATH}/{id_}/resolve")
    if wait:
        return following.follow(api, id_, wait, as_json=as_json)
    if as_json:
        showing.document(answer)
    else:
        showing.out().print("The hypervisor is asked what became of it.")
    return 0


def _found(api: Api, asked: str) -> UUID:
    return finding.listed(api, _PATH, "op", asked)


def _what(operation: Document) -> str:
    """As in "scale 2 → 4 vCPUs"; a size that stays is not said."""
    was, to = operation["was"], operation["to"]
    units = (("vcpus", "vCPUs"), ("memory_mib", "MiB"))
    moves = [f"{was[n]} → {to[n]} {unit}" for n, unit in units if was[n] != to[n]]
    return f"{operation['kind']} {chr(10).join(moves)}".strip()


def _print(operation: Document, *, as_json: bool) -> None:
    if as_json:
        showing.document(operation)
        return
    rows = {
        "ID": operation["id"],
        "Server": _server(operation),
        "Project": operation["project"],
        "Host": _host(operation),
        "Kind": operation["kind"],
        "Mode": f"{operation['mode']} (consent: {operation['consent']})"
        if operation["kind"] == "scale"
        else None,
        "By": operation["by"],
        "Requested": f"{showing.moment(operation['requested'])} UTC",
        "Deadline": f"{showing.moment(operation['deadline'])} UTC",
        "Ended": f"{showing.moment(operation['ended'])} UTC" if operation["ended"] else None,
        "State": operation["state"],
    }
    showing.out().print(showing.facts(rows))
    showing.out().print()
    following.tell(operation)


def _server(operation: Document) -> str:
    name = operation["server_name"]
    return f"{name} ({operation['server']})" if name else str(operation["server"])


def _host(operation: Document) -> str:
    to = operation["to_host"]
    return f"{operation['host']} → {to}" if to else str(operation["host"])
