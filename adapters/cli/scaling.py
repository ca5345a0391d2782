"""``ullage plan`` and ``ullage scale``: another size for a running server."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from cyclopts import Parameter
from rich.table import Table

from adapters.cli import following, show
from adapters.cli.client import Api, Document, connected
from adapters.cli.ending import DONE, Stopped, code_of
from adapters.cli.words import Json, Memory, Reason, Server, Vcpus, Wait

_Key = Annotated[
    str | None, Parameter(help="The same key gets the same answer, and nothing is done twice.")
]


def plan(
    server: Server, /, *, vcpus: Vcpus = None, memory: Memory = None, as_json: Json = False
) -> int:
    """Exits as the scale itself would."""
    api = connected()
    id_ = api.server(server)
    made = api.get(f"/v1/servers/{id_}/plan", _size(api, id_, vcpus, memory))
    if as_json:
        show.document(made)
    else:
        _print(made)
    return code_of(made["obstacles"][0]["type"]) if made["obstacles"] else DONE


def scale(
    server: Server,
    /,
    *,
    vcpus: Vcpus = None,
    memory: Memory = None,
    wait: Wait = False,
    reason: Reason = "",
    idempotency_key: _Key = None,
    as_json: Json = False,
) -> int:
    """Ask for another size. Without ``wait`` it is done when the answer is durable."""
    api = connected()
    id_ = api.server(server)
    body = _size(api, id_, vcpus, memory) | {"reason": reason}
    accepted = api.post(f"/v1/servers/{id_}/scale", body, key=idempotency_key)
    # A request repeated under its key may have been answered with the operation as it ended.
    operation = UUID(accepted.get("operation") or accepted["id"])
    if wait:
        return following.follow(api, operation, wait, as_json=as_json)
    if as_json:
        show.document(accepted)
    else:
        _accepted(accepted, operation)
    return DONE


def _size(api: Api, server: UUID, vcpus: int | None, memory: int | None) -> dict[str, int]:
    """What is not given stays as it is. Raises Stopped when nothing is given."""
    if vcpus is None and memory is None:
        raise Stopped("Say to what size: --vcpus, --memory, or both.")
    if vcpus is not None and memory is not None:
        return {"vcpus": vcpus, "memory_mib": memory}
    now = api.get(f"/v1/servers/{server}")["size"]
    given = {"vcpus": vcpus, "memory_mib": memory}
    return {name: now[name] if value is None else value for name, value in given.items()}


def _accepted(accepted: Document, operation: UUID) -> None:
    console = show.out()
    console.print(f"{show.size(accepted['was'])} → {show.size(accepted['to'])}")
    console.print(f"Operation {operation}, ends by {show.moment(accepted['deadline'])} UTC.")
    show.err().print(f"Follow it: ullage op show {operation} --wait", style="dim")


def _print(plan: Document) -> None:
    console = show.out()
    console.print(f"{show.size(plan['was'])} → {show.size(plan['to'])}", style="bold")
    console.print(_MODES[plan["mode"]])
    for obstacle in plan["obstacles"]:
        console.print(f"- {obstacle['detail']}", style="red")
    if plan["obstacles"] and plan["nearest"] != plan["was"]:
        nearest = plan["nearest"]
        console.print(f"Would fit: {show.size(nearest)} ({show.options(nearest)})")
    console.print()
    if plan["steps"] and not plan["obstacles"]:
        console.print(_steps(plan["steps"]))
        console.print()
    console.print(_quota(plan))


_MODES = {
    "live": "Can be done live: no restart, no migration.",
    "restart": "Needs a restart:",
    "impossible": "Cannot be done:",
}


def _steps(steps: list[Document]) -> Table:
    table = show.table("Step", "From", "To", "By", "Undo", right=("From", "To"))
    for step in steps:
        words = (step["what"], step["was"], step["to"], step["by"], step["undo"])
        table.add_row(*map(show.text, words))
    return table


def _quota(plan: Document) -> Table:
    table = show.table("Quota", "Used", "After", "Limit", right=("Used", "After", "Limit"))
    for name, limit in plan["limits"].items():
        used, after = plan["used"].get(name, 0), plan["used_after"].get(name, 0)
        table.add_row(name, str(used), str(after), show.limit(limit))
    return table
