"""What people see: plain tables that fit on 80 columns; and documents for programs."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

NONE = "-"
_WHOLE, _SHORT = 36, 8
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_UNITS = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))


def out() -> Console:
    return Console(highlight=False, markup=False, emoji=False)


def err() -> Console:
    return Console(stderr=True, highlight=False, markup=False, emoji=False)


def document(content: Any) -> None:
    """One JSON value on stdout."""
    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(content)) + b"\n")
    sys.stdout.flush()


def text(value: object) -> Text:
    """Any value of a document as one cell. Names come from outside: no control characters."""
    if value is None or value == "":
        return Text(NONE, style="dim")
    return Text("".join(c if c.isprintable() or c == "\n" else "�" for c in str(value)))


def table(*columns: str, right: Iterable[str] = (), ids: bool = False) -> Table:
    """``right``: the columns of numbers. ``ids``: the column ID has whole ones."""
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    numbers = set(right)
    for name in columns:
        whole = name == "ID"
        made.add_column(
            name,
            justify="right" if name in numbers else "left",
            min_width=(_WHOLE if ids else _SHORT) if whole else None,
            overflow="fold",
        )
    return made


def rows(made: Table, what: str) -> None:
    """Print the table, or that there are none of ``what``."""
    if made.row_count:
        out().print(made)
    else:
        out().print(f"No {what}.")


def id_(full: str, *, whole: bool = False) -> str:
    """An id as lists show it: of a UUID the first digits, which every command takes."""
    return full if whole or not _UUID.fullmatch(full) else full[:_SHORT]


def named(name: str | None, full: str, *, ids: bool = False) -> str:
    """A thing by its name; by its id where it has none, or ids are wanted."""
    return full if ids else name or id_(full)


def age(since: str, now: datetime) -> str:
    """As in 3 min; a clock that is behind says 0 s."""
    seconds = max(0, int((now - datetime.fromisoformat(since)).total_seconds()))
    size, unit = next((one for one in _UNITS if seconds >= one[0]), _UNITS[-1])
    return f"{seconds // size} {unit}"


def facts(rows: Mapping[str, object]) -> Table:
    """Names and values, one pair a line."""
    made = Table(box=None, show_header=False, pad_edge=False)
    made.add_column(style="bold")
    made.add_column(overflow="fold")
    for name, value in rows.items():
        made.add_row(name, value if isinstance(value, Text | Table) else text(value))
    return made


def size(size: Mapping[str, Any] | None) -> str:
    """As in 3 vCPUs / 768 MiB; what is not known as a dash."""
    return NONE if size is None else f"{vcpus(size['vcpus'])} / {memory(size['memory_mib'])}"


def sizes(rows: Mapping[str, Mapping[str, Any] | None]) -> Table:
    """Sizes by what they are; what is not known as dashes."""
    made = table("", "vCPUs", "MiB", right=("vCPUs", "MiB"))
    for name, one in rows.items():
        numbers = (one["vcpus"], one["memory_mib"]) if one else (None, None)
        made.add_row(name, *map(text, numbers))
    return made


def vcpus(count: int | None) -> str:
    return NONE if count is None else many(count, "vCPU")


def many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def memory(mib: int | None) -> str:
    return NONE if mib is None else f"{mib} MiB"


def options(size: Mapping[str, Any]) -> str:
    """The size as it is typed."""
    return f"--vcpus {size['vcpus']} --memory {size['memory_mib']}MiB"


def moment(time: str | None) -> str:
    """To the second, in UTC as everywhere."""
    return NONE if time is None else time[:19].replace("T", " ")


def limit(limit: int) -> str:
    return "unlimited" if limit < 0 else str(limit)


def shortages(shortages: Iterable[Mapping[str, Any]]) -> Table:
    """With whose limit each is, where it is not the project's own."""
    columns, known = ("Asked", "Used", "Limit", "Left"), list(shortages)
    elsewhere = any(short["scope"] != "project" for short in known)
    made = table("Resource", *columns, *(("Limit of",) if elsewhere else ()), right=columns)
    for short in known:
        made.add_row(
            short["resource"],
            f"+{short['asked']}",
            *(str(short[name.lower()]) for name in columns[1:]),
            *((text(_limit_of(short)),) if elsewhere else ()),
        )
    return made


def _limit_of(short: Mapping[str, Any]) -> str:
    whose = "all below" if short["scope"] == "shared" else short["scope"]
    return f"{whose} {short['node']}"


def more(page: Mapping[str, Any]) -> None:
    """Say on stderr that there are more."""
    if page["next"] is not None:
        err().print("There are more: --limit N, or --all.", style="dim")
