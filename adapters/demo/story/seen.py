"""What the API says of a server, beside what its guest says of itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from rich import box
from rich.table import Table


class SideBySide(NamedTuple):
    """What two say at one moment: the API, and the guest itself, if there is one. ``up``: seconds
    since it booted; ``boot``: which boot that was."""

    host: str
    said_vcpus: int
    said_mib: int
    vcpus: int | None
    memory_mib: int | None
    up: float | None
    boot: UUID | None


def grown(before: SideBySide, after: SideBySide) -> Table:
    return _side_by_side(_sizes(before, after))


def moved(before: SideBySide, after: SideBySide) -> Table:
    """The same, and where it is, and that it went on all the time."""
    was, now = (None if one.up is None else int(one.up) for one in (before, after))
    return _side_by_side(
        [
            ("the API: host", before.host, after.host),
            *_sizes(before, after),
            ("the guest: seconds since it booted", was, now),
        ]
    )


ComparedRow = tuple[str, object, object]


def _sizes(before: SideBySide, after: SideBySide) -> list[ComparedRow]:
    return [
        ("the API: vCPUs allocated", before.said_vcpus, after.said_vcpus),
        ("the guest: nproc", before.vcpus, after.vcpus),
        ("the API: MiB allocated", before.said_mib, after.said_mib),
        ("the guest: MemTotal in MiB", before.memory_mib, after.memory_mib),
    ]


def _side_by_side(rows: Iterable[ComparedRow]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for name in ("", "before", "after"):
        table.add_column(name, justify="right" if name else "left")
    for name, was, is_now in rows:
        table.add_row(name, str(was), str(is_now))
    return table
