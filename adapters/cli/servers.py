"""``ullage adopt`` and ``ullage server``: what servers there are, and what they may have."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from cyclopts import Parameter

from adapters.cli import show as showing
from adapters.cli.client import Document, connected
from adapters.cli.ending import Stopped
from adapters.cli.words import Every, Json, Limit, Memory, Project, ProjectOption, Reason, Server

_Most = Annotated[int | None, Parameter(help="The most vCPUs that it may have.")]
_Host = Annotated[str, Parameter(help="A hypervisor host of the region, by name or URI.")]
_Vm = Annotated[UUID, Parameter(help="The VM's UUID on that host.")]


def adopt(
    host: _Host,
    server: _Vm,
    /,
    *,
    project: Project,
    ceiling_vcpus: _Most = None,
    ceiling_memory: Memory = None,
    reason: Reason = "",
    as_json: Json = False,
) -> None:
    """Take a running VM into the books as its hypervisor shows it, under its project's quota."""
    most = _both(ceiling_vcpus, ceiling_memory, None)
    body = {"host": host, "server": str(server), "project": project, "ceiling": most}
    _print(connected().post("/v1/servers", body | {"reason": reason}), as_json=as_json)


def listed(
    *,
    project: ProjectOption = None,
    host: Annotated[str | None, Parameter(help="Only this host's.")] = None,
    limit: Limit = 100,
    every: Every = False,
    as_json: Json = False,
) -> None:
    page = connected().page("/v1/servers", limit=limit, every=every, project=project, host=host)
    if as_json:
        showing.document(page)
        return
    table = showing.table("Name", "ID", "Project", "vCPUs", "MiB", right=("vCPUs", "MiB"))
    for one in page["items"]:
        size = one["size"]
        numbers = (str(size["vcpus"]), str(size["memory_mib"]))
        table.add_row(*map(showing.text, (one["name"], one["id"], one["project"])), *numbers)
    showing.out().print(table)
    showing.more(page)


def show(server: Server, /, *, as_json: Json = False) -> None:
    api = connected()
    _print(api.get(f"/v1/servers/{api.server(server)}"), as_json=as_json)


def ceiling(
    server: Server,
    /,
    *,
    vcpus: _Most = None,
    memory: Memory = None,
    fixed: Annotated[bool, Parameter(help="No ceiling: it may not be scaled.")] = False,
    reason: Reason = "",
    as_json: Json = False,
) -> None:
    """What is not given stays as it was declared."""
    api = connected()
    id_ = api.server(server)
    if fixed == bool(vcpus or memory):
        raise Stopped("Give --vcpus and --memory, or --fixed.")
    most = None
    if not fixed:
        most = _both(vcpus, memory, api.get(f"/v1/servers/{id_}")["ceiling"])
    api.put(f"/v1/servers/{id_}/ceiling", {"ceiling": most, "reason": reason})
    if as_json:
        showing.document(api.get(f"/v1/servers/{id_}"))
    elif most:
        showing.out().print(f"{server} may have up to {showing.size(most)}.")
    else:
        showing.out().print(f"{server} may not be scaled.")


def _both(vcpus: int | None, memory: int | None, now: Document | None) -> Document | None:
    """Both dimensions or neither; what is missing is as ``now``. Raises Stopped."""
    if vcpus is None and memory is None:
        return None
    given = {"vcpus": vcpus, "memory_mib": memory}
    most = {name: (now or {}).get(name) if v is None else v for name, v in given.items()}
    if None in most.values():
        raise Stopped("A ceiling needs both: vCPUs and memory.")
    return most


def _print(server: Document, *, as_json: bool) -> None:
    if as_json:
        showing.document(server)
        return
    rows = {
        "Name": server["name"],
        "ID": server["id"],
        "Project": server["project"],
        "Host": server["host"],
        "Size": showing.size(server["size"]),
        "Guest sees": _guest(server["guest"]),
        "Ceiling": showing.size(server["ceiling"]) if server["ceiling"] else "none: not scalable",
        "Live": _live(server["envelope"]),
        "Operation": _operation(server["operation"]),
        "Version": server["version"],
    }
    showing.out().print(showing.facts(rows))


def _guest(guest: Document) -> str:
    known = guest["vcpus"] is not None or guest["memory_mib"] is not None
    return showing.size(guest) if known else "it does not say"


def _live(envelope: Document) -> str:
    """What can be reached while it runs."""
    reach = f"{showing.size(envelope['floor'])} up to {showing.size(envelope['ceiling'])}"
    step = f"memory by {envelope['memory_by']} in steps of {envelope['memory_step_mib']} MiB"
    slots = envelope["memory_slots_left"]
    return f"{reach}\n{step}" + ("" if slots is None else f", {slots} slots left")


def _operation(operation: Document | None) -> str:
    if operation is None:
        return "none"
    state = "outcome not known" if operation["undecided"] else "open"
    return f"{operation['id']}\n{state}, to {showing.size(operation['to'])}"
