"""``ullage schedule``: scales that wait for their time."""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import Parameter

from adapters.cli.kit import completing, finding
from adapters.cli.kit import show as showing
from adapters.cli.kit.client import Api, Document, connected
from adapters.cli.kit.ending import Stopped
from adapters.cli.kit.entries import IfMatchOption, given
from adapters.cli.kit.options import (
    Every,
    Ids,
    Json,
    LimitOption,
    MemoryOption,
    ProjectOption,
    ReasonOption,
    ServerOption,
    VcpusOption,
)
from adapters.cli.scaling import later
from adapters.cli.scaling.later import At, InWindow

_Id = Annotated[
    str,
    Parameter(help="Id, or the first 4 or more digits of it.", completer=completing.SCHEDULES),
]
_State = Annotated[
    Literal["waiting", "ran", "refused", "cancelled"] | None,
    Parameter(help="Only schedules in this state."),
]
_Consent = Annotated[
    Literal["live", "migrate", "restart"] | None,
    Parameter(help="The most disruptive change you agree to."),
]
_PATH = "/v1/schedules"


def listed(
    *,
    server: ServerOption = None,
    project: ProjectOption = None,
    state: _State = None,
    limit: LimitOption = 100,
    every: Every = False,
    ids: Ids = False,
    as_json: Json = False,
) -> None:
    """The next due first."""
    api = connected()
    of = finding.server(api, server, deleted=True) if server else None
    page = api.page(_PATH, limit=limit, every=every, server=of, project=project, state=state)
    if as_json:
        showing.document(page)
        return
    columns = ("ID", "Server", "vCPUs", "MiB", "Due (UTC)", "State")
    table = showing.table(*columns, right=("vCPUs", "MiB"), ids=ids)
    for one in sorted(page["items"], key=lambda one: str(one["due"])):
        name = showing.named(one["server_name"], one["server"], ids=ids)
        size = (one["to"]["vcpus"], one["to"]["memory_mib"])
        words = (showing.id_(one["id"], whole=ids), name, *size)
        table.add_row(*map(showing.text, (*words, showing.moment(one["due"]), one["state"])))
    showing.rows(table, "schedules")
    showing.more(page)


def show(schedule: _Id, /, *, as_json: Json = False) -> None:
    api = connected()
    _print(api.get(_found(api, schedule)), as_json=as_json)


def change(
    schedule: _Id,
    /,
    *,
    vcpus: VcpusOption = None,
    memory: MemoryOption = None,
    at: At = None,
    window: InWindow = None,
    consent: _Consent = None,
    if_match: IfMatchOption = None,
    reason: ReasonOption = "",
    as_json: Json = False,
) -> None:
    """What is not given stays."""
    changes = given(vcpus=vcpus, memory_mib=memory, consent=consent)
    changes |= later.when(at, window) if at or window else {}
    if not changes:
        raise Stopped("Nothing to change: give --vcpus, --memory, --at, --window or --consent.")
    api = connected()
    path = _found(api, schedule)
    api.patch(path, changes | {"reason": reason}, version=if_match)
    _print(api.get(path), as_json=as_json)


def cancel(
    schedule: _Id,
    /,
    *,
    if_match: IfMatchOption = None,
    reason: ReasonOption = "",
    as_json: Json = False,
) -> None:
    api = connected()
    path = _found(api, schedule)
    api.delete(path, version=if_match, reason=reason)
    if as_json:
        showing.document(api.get(path))
    else:
        showing.out().print(f"Schedule {schedule} is cancelled.")


def _found(api: Api, asked: str) -> str:
    """The path of the one that is asked for. Raises Stopped."""
    return f"{_PATH}/{finding.listed(api, _PATH, 'schedule', asked)}"


def _print(schedule: Document, *, as_json: bool) -> None:
    if as_json:
        showing.document(schedule)
        return
    problem = schedule["problem"] or {}
    rows = {
        "ID": schedule["id"],
        "Server": showing.named(schedule["server_name"], schedule["server"]),
        "To": showing.size(schedule["to"]),
        "Consent": schedule["consent"],
        "Due (UTC)": showing.moment(schedule["due"]),
        "Tried until": showing.moment(schedule["until"]),
        "Window": schedule["window"],
        "State": schedule["state"],
        "Why not": problem.get("detail"),
        "Operation": schedule["operation"],
        "Asked by": schedule["asked_by"],
        "Reason": schedule["reason"],
        "Version": schedule["version"],
    }
    showing.out().print(showing.facts(rows))
