"""Reads that must not be older than some write: ``?after=<position>``, and ``Prefer: wait=<s>``."""

from __future__ import annotations

import re

from adapters.readside.models import ReadSide

LONGEST = 60.0
_PATIENCE = 5.0
_WAIT = re.compile(r"(?:^|[,;\s])wait=(\d{1,5})(?:$|[,;\s])")


class NotThereYet(Exception):
    """The position asked for has not been reached. Ask again."""


async def reach(readside: ReadSide, after: int | None) -> None:
    """Wait until memory has come to ``after``. Raises NotThereYet."""
    if after is not None and not await readside.reaches(after, _PATIENCE):
        raise NotThereYet(f"Position {after} is not there yet, only {readside.position}.")


async def reach_tables(readside: ReadSide, after: int | None) -> None:
    """Wait until the tables have come to ``after``, or to what memory knows now."""
    position = readside.position if after is None else after
    if not await readside.is_saved(position, _PATIENCE):
        raise NotThereYet(f"Position {position} is not there yet, only {readside.saved}.")


def preferred_wait(prefer: str | None) -> float:
    """Seconds the caller is willing to wait for an operation's end (RFC 7240); 60 at most."""
    found = _WAIT.search(prefer or "")
    return min(float(found.group(1)), LONGEST) if found else 0.0
