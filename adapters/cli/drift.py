"""``ullage drift``: what somebody else did to servers, and what is done about it."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from adapters.cli.kit import finding, following
from adapters.cli.kit import show as showing
from adapters.cli.kit.client import Document, connected
from adapters.cli.kit.options import Ids, Json, ReasonOption, ServerArgument, Wait

_Force = Annotated[bool, Parameter(help="Accept even if the project then exceeds its quota.")]


def listed(*, ids: Ids = False, as_json: Json = False) -> None:
    found = connected().get("/v1/drift")
    if as_json:
        showing.document(found)
        return
    if not found:
        showing.out().print("No drift: every server is as it is recorded.")
        return
    table = showing.table("Name", "ID", "Recorded", "Seen", ids=ids)
    for one in found:
        id_ = showing.id_(one["server"], whole=ids)
        table.add_row(*map(showing.text, (one["name"], id_, _recorded(one), _seen(one))))
    showing.out().print(table)


def adopt(
    server: ServerArgument,
    /,
    *,
    force: _Force = False,
    reason: ReasonOption = "",
    as_json: Json = False,
) -> None:
    """Record the server as it was seen. A missing server is recorded as deleted."""
    api = connected()
    id_ = finding.server(api, server)
    missing = {one["server"] for one in api.get("/v1/drift") if one["seen"] is None}
    taken = api.post(f"/v1/servers/{id_}/drift/adopt", {"force": force, "reason": reason})
    if as_json:
        showing.document(taken)
        return
    size = f"{showing.size(taken['size'])} on {taken['host']}"
    showing.out().print("Gone." if str(id_) in missing else f"Recorded: {size}.")
    for resource, amount in taken["exceeded"].items():
        showing.out().print(f"Its project is above its quota of {resource} by {amount}.")


def reapply(
    server: ServerArgument,
    /,
    *,
    wait: Wait = False,
    reason: ReasonOption = "",
    as_json: Json = False,
) -> int:
    """Bring the server back, live, to its recorded size."""
    api = connected()
    path = f"/v1/servers/{finding.server(api, server)}/drift/reapply"
    return following.accepted(api, api.post(path, {"reason": reason}), wait, as_json=as_json)


def _recorded(one: Document) -> str:
    return f"{showing.size(one['recorded'])} on {one['host']}"


def _seen(one: Document) -> str:
    seen = one["seen"]
    return f"{showing.size(seen['size'])} on {seen['host']}" if seen else "not there"
