"""``ullage adopt`` and ``ullage server``: what servers there are, and what they may have."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from cyclopts import Parameter

from adapters.cli.kit import completing, finding, seeing
from adapters.cli.kit import show as showing
from adapters.cli.kit.client import Document, connected
from adapters.cli.kit.ending import Stopped
from adapters.cli.kit.options import (
    Every,
    Ids,
    Json,
    LimitOption,
    MemoryOption,
    ProjectArgument,
    ProjectOption,
    ReasonOption,
    ServerArgument,
)
from adapters.cli.kit.times import AsOfOption

_Most = Annotated[int | None, Parameter(help="The most vCPUs.")]
_Host = Annotated[
    str, Parameter(help="Name or URI of a hypervisor host.", completer=completing.HOSTS)
]
_Vm = Annotated[UUID, Parameter(help="The VM's UUID on that host.")]


def adopt(
    host: _Host,
    server: _Vm,
    /,
    *,
    project: ProjectArgument,
    ceiling_vcpus: _Most = None,
    ceiling_memory: MemoryOption = None,
    user: Annotated[str | None, Parameter(help="User whose server it is.")] = None,
    reason: ReasonOption = "",
    as_json: Json = False,
) -> None:
    """Adopt a VM as its hypervisor shows it, within its project's quota."""
    most = _both(ceiling_vcpus, ceiling_memory, None)
    body = {"host": host, "server": str(server), "project": project, "ceiling": most, "user": user}
    _print(connected().post("/v1/adoptions", body | {"reason": reason}), as_json=as_json)


def listed(
    *,
    project: ProjectOption = None,
    host: Annotated[
        str | None, Parameter(help="Only this host.", completer=completing.HOSTS)
    ] = None,
    as_of: AsOfOption = None,
    limit: LimitOption = 100,
    every: Every = False,
    ids: Ids = False,
    as_json: Json = False,
) -> None:
    asked = {"project": project, "host": host, "as_of": as_of}
    page = connected().page("/v1/servers", limit=limit, every=every, **asked)
    if as_json:
        showing.document(page)
        return
    columns = ("Name", "ID", "Project", "Power", "vCPUs", "MiB")
    table = showing.table(*columns, right=("vCPUs", "MiB"), ids=ids)
    for one in page["items"]:
        size = one["size"]
        id_ = showing.id_(one["id"], whole=ids)
        words = (one["name"], id_, one["project"], one["power"])
        table.add_row(*map(showing.text, (*words, size["vcpus"], size["memory_mib"])))
    showing.rows(table, "servers")
    showing.more(page)


def show(server: ServerArgument, /, *, as_of: AsOfOption = None, as_json: Json = False) -> None:
    api = connected()
    found = api.get(f"/v1/servers/{finding.server(api, server, as_of=as_of)}", {"as_of": as_of})
    _print(found, as_json=as_json)


def spec(server: ServerArgument, /, *, as_json: Json = False) -> None:
    """Every later placement obeys it."""
    api = connected()
    found = api.get(f"/v1/servers/{finding.server(api, server)}/request-spec")
    if as_json:
        showing.document(found)
    else:
        seeing.spec(found)


def ceiling(
    server: ServerArgument,
    /,
    *,
    vcpus: _Most = None,
    memory: MemoryOption = None,
    fixed: Annotated[bool, Parameter(help="No ceiling: the server may not be scaled.")] = False,
    reason: ReasonOption = "",
    as_json: Json = False,
) -> None:
    """What is not given stays."""
    api = connected()
    id_ = finding.server(api, server)
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
    else:
        seeing.server(server)
