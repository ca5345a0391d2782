"""Reads that must not be older than some write: ``?after=<position>``, and ``Prefer: wait=<s>``."""

from __future__ import annotations

import re

from adapters.readside.models import ReadSide

LONGEST = 60.0
_BRIEFLY = 0.5
_WAIT = re.compile(r"(?:^|[,;\s])wait=(\d{1,5})(?:$|[,;\s])")


class NotThereYet(Exception):
    """The position asked for has not been reached. Ask again."""


async def reach(readside: ReadSide, after: int | None) -> None:
    """Wait until memory has come to ``after``. Raises NotThereYet."""
    if after is not None and not await readside.reaches(after, readside.patience):
        raise NotThereYet(
            f"Position {after} is not reached yet, only {readside.position}. Try again."
        )


async def reach_tables(readside: ReadSide, after: int | None) -> None:
    """Wait until the tables have come to ``after``, and a moment for what memory knows now: who
    asks for no position gets the tables as they are, also while one is rebuilt.

    Raises NotThereYet.
    """
    if after is None:
        await readside.is_saved(readside.position, _BRIEFLY)
    elif not await readside.is_saved(after, readside.patience):
        raise NotThereYet(f"Position {after} is not reached yet, only {readside.saved}. Try again.")


def preferred_wait(prefer: str | None) -> float:
    """Seconds the caller is willing to wait for an operation's end (RFC 7240); 60 at most."""
    found = _WAIT.search(prefer or "")
    return min(float(found.group(1)), LONGEST) if found else 0.0
