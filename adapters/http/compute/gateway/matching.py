"""Rows whose value a pattern matches: PostgreSQL's regular expressions, as Nova's with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from adapters.http.compute.gateway.calls import Call
from adapters.http.compute.gateway.faults import Fault
from adapters.readside.patterns import PatternInvalid

T = TypeVar("T")


async def matching(
    call: Call, rows: Iterable[T], name: str, pattern: str, read: Callable[[T], str | None]
) -> list[T]:
    """``name`` is that of the filter; what has no value does not match. Raises Fault,
    Unavailable."""
    known = [(row, value) for row in rows if (value := read(row)) is not None]
    try:
        so = await call.reads.matches(pattern, [value for _, value in known])
    except PatternInvalid as e:
        raise Fault(400, f"Invalid filter {name}: {e}") from e
    return [row for (row, _), one in zip(known, so, strict=True) if one]
