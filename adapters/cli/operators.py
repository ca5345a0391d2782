"""What an operator looks at: ``ullage lanes``, ``ullage costs`` and ``ullage projection``."""

from __future__ import annotations

from time import sleep
from typing import Annotated, Literal

from cyclopts import Parameter
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from adapters.cli.kit import show
from adapters.cli.kit.client import Api, Document, connected
from adapters.cli.kit.ending import UNFORESEEN, Stopped
from adapters.cli.kit.options import Json

_LOOK = 0.1
_Name = Annotated[
    Literal["servers", "operations", "catalogue", "limits", "history"],
    Parameter(help="Name of the read model."),
]


def lanes(*, as_json: Json = False) -> None:
    found = connected().get("/v1/lanes")
    if as_json:
        show.document(found)
        return
    table = show.table("Host", "State", "Waiting", "Oldest", "Carried by", "Last error")
    for lane in found:
        state = "resting" if lane["resting"] else "carried" if lane["held"] else "idle"
        words = (lane["host"], state, lane["waiting"], lane["oldest"])
        table.add_row(*map(show.text, (*words, lane["held_by"], lane["last_error"])))
    show.rows(table, "lanes: no change was asked of any host yet")


def costs(*, as_json: Json = False) -> None:
    """Since the process that answers began: those who took the most of its time first. A caller
    who is of no project has a - before its name."""
    found = connected().get("/v1/costs")
    if as_json:
        show.document(found)
        return
    table = show.table("Tenant", "Commands", "Facts", "Bytes", "Seconds")
    for one in found:
        words = (one["tenant"], one["commands"], one["facts"], one["bytes"])
        table.add_row(*map(show.text, (*words, f"{one['seconds']:.3f}")))
    show.rows(table, "costs: no change was asked for yet")


def projections(*, as_json: Json = False) -> None:
    found = connected().get("/v1/projections")
    if as_json:
        show.document(found)
        return
    rebuild = found["rebuild"]
    rows = {
        "Log": f"{found['head']} facts",
        "In memory": f"up to {found['memory']}",
        "In tables": f"up to {found['tables']}",
        "Rebuild": _rebuild(rebuild) if rebuild else "none since the start",
    }
    show.out().print(show.facts(rows))


def rebuild(name: _Name, /, *, as_json: Json = False) -> None:
    """Waits until it is done."""
    api = connected()
    api.post(f"/v1/projections/{name}/rebuild")
    done = _follow(api)
    if as_json:
        show.document(done)
    if done["error"]:
        raise Stopped(f"The rebuild of {name} failed: {done['error']}", UNFORESEEN)
    if not as_json:
        show.out().print(f"{name.capitalize()} rebuilt from {done['position']} facts.")


def _follow(api: Api) -> Document:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = show.err()
    with Progress(*columns, console=console, disable=not console.is_terminal) as shown:
        task = shown.add_task("facts")
        while True:
            found = api.get("/v1/projections")
            rebuild: Document = found["rebuild"]
            shown.update(task, total=found["head"], completed=rebuild["position"])
            if not rebuild["running"]:
                return rebuild
            sleep(_LOOK)


def _rebuild(rebuild: Document) -> str:
    if rebuild["running"]:
        return f"{rebuild['name']}, at {rebuild['position']}"
    return f"{rebuild['name']}, {rebuild['error'] or 'done'}"
