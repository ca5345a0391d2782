"""Waiting for an operation's end, and what it came to."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from time import monotonic
from uuid import UUID

from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from adapters.cli.kit import show
from adapters.cli.kit.client import Api, Document
from adapters.cli.kit.ending import AWAY, DONE, REFUSED

# Seconds for which one answer is held back; the API's own most is 60.
_HELD = 20.0

_CODES = {
    "succeeded": DONE,
    "partly": REFUSED,
    "failed": REFUSED,
    "cancelled": REFUSED,
    "unknown": AWAY,
    "open": AWAY,
}
_STYLES = {"succeeded": "green", "open": "yellow"}


def accepted(api: Api, answer: Document, wait: bool | float, *, as_json: bool) -> int:
    """Go on from a request that was accepted: to its end, or with how to look for it."""
    # A request repeated under its key may have been answered with the operation as it ended.
    operation = UUID(answer.get("operation") or answer["id"])
    if wait:
        return follow(api, operation, wait, as_json=as_json)
    if as_json:
        show.document(answer)
        return DONE
    by = show.moment(answer["deadline"])
    show.out().print(f"Operation {operation}, ends by {by} UTC.")
    show.err().print(f"Follow it: ullage op show {operation} --wait", style="dim")
    return DONE


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
    with _spinning(found):
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
    console.print(_said(operation), style=f"bold {_STYLES.get(state, 'red')}")
    if operation["reason"]:
        console.print(show.text(operation["reason"]))
    if operation["seen_by_guest"] is False:
        console.print("When it was read back, the guest had not followed yet.", style="yellow")
    sizes = {"Hypervisor allocates": operation["size"], "Guest sees": operation["guest"]}
    if operation["kind"] == "scale":
        sizes = {"Before": operation["was"], "Asked": operation["to"]} | sizes
    if any(sizes.values()):
        console.print()
        console.print(show.sizes(sizes))


def _said(operation: Document) -> str:
    state = operation["state"]
    if state == "failed":
        return _FAILED[operation["kind"]]
    if state == "succeeded" and operation["mode"] == "migrate":
        return f"Done, on {operation['to_host']}."
    return _STATES[state]


_STATES = {
    "succeeded": "Done.",
    "partly": "Done in part only.",
    "cancelled": "Cancelled. No hypervisor was asked.",
    "unknown": "The outcome is unknown. Find out with: ullage op resolve.",
    "open": "Not ended yet.",
}
_FAILED = {
    "scale": "Failed. The server has the size it had.",
    "build": "Failed. Nothing is left of it.",
    "delete": "Failed. The server is still there.",
    "start": "Failed. The server does not run.",
    "stop": "Failed. The server was not stopped.",
}


def _spinning(operation: Document) -> AbstractContextManager[object]:
    console = show.err()
    if not console.is_terminal:
        return nullcontext()
    what = str(operation["kind"])
    if what == "scale":
        what = f"{show.size(operation['was'])} → {show.size(operation['to'])}"
    shown = Progress(
        SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=console
    )
    shown.live.transient = True
    shown.add_task(what, total=None)
    return shown
