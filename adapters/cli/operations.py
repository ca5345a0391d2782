"""``ullage op``: changes that were asked for, and what came of them."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from cyclopts import Parameter

from adapters.cli.kit import following
from adapters.cli.kit import show as showing
from adapters.cli.kit.client import Document, connected
from adapters.cli.kit.options import (
    Every,
    Json,
    LimitOption,
    ProjectOption,
    ReasonOption,
    ServerOption,
    Wait,
)

_Operation = Annotated[UUID, Parameter(help="The operation's id.")]
_State = Literal["open", "succeeded", "partly", "failed", "cancelled", "unknown"]


def listed(
    *,
    server: ServerOption = None,
    project: ProjectOption = None,
    state: Annotated[_State | None, Parameter(help="Only those in this state.")] = None,
    limit: LimitOption = 20,
    every: Every = False,
    as_json: Json = False,
) -> None:
    """The latest first."""
    api = connected()
    which = {"server": api.server(server) if server else None, "project": project, "state": state}
    page = api.page("/v1/operations", limit=limit, every=every, **which)
    if as_json:
        showing.document(page)
        return
    table = showing.table("ID", "State", "What", "By")
    for one in page["items"]:
        words = (one["id"], one["state"], _what(one), one["by"])
        table.add_row(*map(showing.text, words))
    showing.out().print(table)
    showing.more(page)


def show(operation: _Operation, /, *, wait: Wait = False, as_json: Json = False) -> int:
    api = connected()
    if wait:
        return following.follow(api, operation, wait, as_json=as_json)
    _print(api.get(f"/v1/operations/{operation}"), as_json=as_json)
    return 0


def cancel(operation: _Operation, /, *, reason: ReasonOption = "", as_json: Json = False) -> None:
    """Only while no hypervisor was asked yet."""
    api = connected()
    api.post(f"/v1/operations/{operation}/cancel", {"reason": reason})
    if as_json:
        showing.document(api.get(f"/v1/operations/{operation}"))
    else:
        showing.out().print("Cancelled. No hypervisor was asked, and nothing is claimed for it.")


def resolve(operation: _Operation, /, *, wait: Wait = False, as_json: Json = False) -> int:
    """The hypervisor is asked what the server has; the operation then ends with that."""
    api = connected()
    answer = api.post(f"/v1/operations/{operation}/resolve")
    if wait:
        return following.follow(api, operation, wait, as_json=as_json)
    if as_json:
        showing.document(answer)
    else:
        showing.out().print("The hypervisor is asked what became of it.")
    return 0


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
        "Server": operation["server"],
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


def _host(operation: Document) -> str:
    to = operation["to_host"]
    return f"{operation['host']} → {to}" if to else str(operation["host"])
