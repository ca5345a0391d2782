"""Why a process that has the lock may all the same not write: what it stands on is not sound."""

from __future__ import annotations

from typing import LiteralString

import psycopg

from adapters.clock import RegionClock
from adapters.eventlog import forks

_STATE: LiteralString = """
SELECT current_setting('synchronous_commit'),
       (SELECT at FROM facts ORDER BY position DESC LIMIT 1),
       (SELECT hash FROM facts WHERE position = %(position)s)
"""

_NOT_DURABLE = frozenset({"off", "local"})


def unfit(
    connection: psycopg.Connection, clock: RegionClock, position: int, digest: bytes
) -> str | None:
    """What is wrong, and what to do; None: nothing is.

    ``position`` and ``digest``: of the last fact that this process has written; 0: it has written
    none. Raises psycopg.Error.
    """
    if not clock.agrees:
        return clock.difference()
    row = connection.execute(_STATE, {"position": position}).fetchone()
    durability, last, found = row or ("on", None, None)
    if durability in _NOT_DURABLE:
        return (
            f"synchronous_commit is {durability}, so that what is acknowledged could be lost, and "
            "this process does not write. Set it to on for the role and the database of Ullage."
        )
    if clock.is_ahead(last):
        return (
            f"The last fact of the log is dated {last}, and it is {clock.now()} now, so this "
            "process does not write. Set PostgreSQL's clock right; if the fact is wrong, restore "
            "the log from a backup, or raise ULLAGE_CLOCK_BOUND_SECONDS."
        )
    if position and found != digest:
        return forks.told(position, "written")
    return None
