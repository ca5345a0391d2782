"""What a plan says to people: how it would go, what stands against it, and what to type."""

from __future__ import annotations

from rich.table import Table

from adapters.cli.kit import show
from adapters.cli.kit.client import Document


def tell(plan: Document, command: str) -> None:
    """``command`` is the scale as it is typed, without consent."""
    console = show.out()
    console.print(f"{show.size(plan['was'])} → {show.size(plan['to'])}", style="bold")
    obstacles = plan["obstacles"]
    console.print(_mode(plan) + (":" if obstacles else "."))
    for obstacle in obstacles:
        console.print(f"- {obstacle['detail']}", style="red")
    if obstacles and (nearest := plan["nearest"]):
        console.print(f"Would fit: {show.size(nearest)} ({show.options(nearest)})")
    console.print()
    if plan["steps"]:
        console.print(_steps(plan["steps"]))
        console.print()
    console.print(_quota(plan))
    console.print()
    console.print(f"Plan {plan['version']}")
    if plan["mode"] != "impossible":
        typed = f"{command}{_consent(plan)} --plan {plan['version']}"
        show.err().print(f"To scale exactly so: {typed}", style="dim", soft_wrap=True)


def _mode(plan: Document) -> str:
    return {
        "live": "Can be done live: no restart, no migration",
        "migrate": f"Needs a live migration to {plan['to_host']}",
        "restart": "Needs a restart",
        "stopped": "Can be done: the server is stopped",
        "impossible": "Cannot be done",
    }[plan["mode"]]


def _consent(plan: Document) -> str:
    return f" --consent {plan['mode']}" if plan["mode"] in {"migrate", "restart"} else ""


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
