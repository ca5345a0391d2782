"""Waiting for an operation's end, and what it came to."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from time import monotonic
from uuid import UUID

from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from adapters.cli import show
from adapters.cli.client import Api, Document
from adapters.cli.ending import AWAY, DONE, REFUSED

# Seconds for which one answer is held back; the API's own most is 60.
_HELD = 20.0

_CODES = {"succeeded": DONE, "partly": REFUSED, "failed": REFUSED, "unknown": AWAY, "open": AWAY}
_STYLES = {"succeeded": "green", "open": "yellow"}


def follow(api: Api, operation: UUID, wait: bool | float, *, as_json: bool) -> int:
    """Wait, print what it came to, and say so as an exit code. An operation always ends."""
    ended = wait_for_end(api, operation, None if wait is True else float(wait))
    if as_json:
        show.document(ended)
    else:
        tell(ended)
    return _CODES[ended["state"]]


def wait_for_end(api: Api, operation: UUID, within: float | None) -> Document:
    """The operation as it is when it ends, or after ``within`` seconds."""
    until = None if within is None else monotonic() + within
    path = f"/v1/operations/{operation}"
    found: Document = api.get(path)
    with _spinning(f"{show.size(found['was'])} → {show.size(found['to'])}"):
        while found["state"] == "open":
            left = _HELD if until is None else min(_HELD, until - monotonic())
            if left <= 0:
                break
            found = api.get(path, wait=max(1.0, left))
    return found


def tell(operation: Document) -> None:
    """What was asked, what the hypervisor allocates, what the guest sees: three numbers."""
    console = show.out()
    state = operation["state"]
    console.print(_STATES[state], style=f"bold {_STYLES.get(state, 'red')}")
    if operation["reason"]:
        console.print(show.text(operation["reason"]))
    console.print()
    console.print(_sizes(operation))


_STATES = {
    "succeeded": "Done.",
    "partly": "Done in part only.",
    "failed": "Failed. The server has the size it had.",
    "unknown": "Nobody can tell what came of it. Find out: ullage op resolve.",
    "open": "Not ended yet.",
}


def _sizes(operation: Document) -> Table:
    table = show.table("", "vCPUs", "MiB", right=("vCPUs", "MiB"))
    rows = {
        "Before": operation["was"],
        "Asked": operation["to"],
        "Hypervisor allocates": operation["size"],
        "Guest sees": operation["guest"],
    }
    for name, size in rows.items():
        numbers = (size["vcpus"], size["memory_mib"]) if size else (None, None)
        table.add_row(name, *map(show.text, numbers))
    return table


def _spinning(what: str) -> AbstractContextManager[object]:
    console = show.err()
    if not console.is_terminal:
        return nullcontext()
    shown = Progress(
        SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=console
    )
    shown.live.transient = True
    shown.add_task(what, total=None)
    return shown
