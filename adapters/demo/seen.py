"""What the API says of a server, beside what its guest says of itself."""

from __future__ import annotations

from typing import NamedTuple

from rich import box
from rich.table import Table


class Seen(NamedTuple):
    """What two say at one moment: the API, and the guest itself, if there is one."""

    said_vcpus: int
    said_mib: int
    vcpus: int | None
    memory_mib: int | None


def side_by_side(before: Seen, after: Seen) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for name in ("", "before", "after"):
        table.add_column(name, justify="right" if name else "left")
    rows = (
        ("the API: vCPUs allocated", before.said_vcpus, after.said_vcpus),
        ("the guest: nproc", before.vcpus, after.vcpus),
        ("the API: MiB allocated", before.said_mib, after.said_mib),
        ("the guest: MemTotal in MiB", before.memory_mib, after.memory_mib),
    )
    for name, was, is_now in rows:
        table.add_row(name, str(was), str(is_now))
    return table
