"""The results on paper: a table for people, Markdown for the README, JSON for machines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from rich.console import Console
from rich.table import Table

from tests.bench.kit.row import Row

HEADS = ("what", "figure", "peer of the same run", "ratio", "budget", "met")


def table(conditions: Mapping[str, str], rows: Sequence[Row]) -> None:
    shown = Table(*HEADS)
    for row in rows:
        shown.add_row(*row.cells(), style="bold red" if row.met is False else None)
    console = Console()
    for name, value in conditions.items():
        console.print(f"{name:>20}  {value}", highlight=False)
    console.print(shown)


def markdown(conditions: Mapping[str, str], rows: Sequence[Row]) -> str:
    lines = [HEADS, ("---",) * len(HEADS), *(row.cells() for row in rows)]
    grid = [f"| {' | '.join(cells)} |" for cells in lines]
    facts = "; ".join(f"{name} {value}" for name, value in conditions.items())
    return "\n".join([*grid, "", facts])


def as_json(conditions: Mapping[str, str], rows: Sequence[Row]) -> str:
    told = [msgspec.structs.asdict(row) | {"ratio": row.ratio, "met": row.met} for row in rows]
    encoded = msgspec.json.encode({"conditions": conditions, "rows": told})
    return msgspec.json.format(encoded).decode()
