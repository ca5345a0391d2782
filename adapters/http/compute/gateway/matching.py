"""Rows whose values patterns match: regular expressions, as Nova's with PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import NamedTuple, TypeVar

from adapters.http.compute.gateway.calls import Call
from adapters.http.compute.gateway.faults import Fault
from adapters.http.compute.gateway.patterns import MOST, Pattern, PatternInvalid
from adapters.http.gateway import pieces
from adapters.lookup import lookup

T = TypeVar("T")

# Rows between two looks whether anybody still waits.
_AT_ONCE = 256


class Matched(NamedTuple):
    """``pattern`` is to be found in each of ``values``, in the order of the rows; what has none
    does not match."""

    pattern: Pattern
    values: list[str | None]


async def matching(
    call: Call,
    rows: Iterable[T],
    patterns: Mapping[str, str],
    read: Callable[[str, T], str | None],
) -> list[T]:
    """Those that all patterns match; ``patterns`` by the filter's name, whose value of a row is
    ``read``. What is looked at together is bounded. Raises Fault, Unavailable, ReadTooLong."""
    rows = list(rows)
    if not patterns:
        return rows
    asked = [
        Matched(_pattern(name, pattern), await pieces.each(partial(read, name), rows))
        for name, pattern in patterns.items()
    ]
    must_be_bounded(asked)
    so = await call.reads.read(lambda: _all_found(asked, len(rows)))
    return [row for row, one in zip(rows, so, strict=True) if one]


def _pattern(name: str, pattern: str) -> Pattern:
    """Raises Fault."""
    try:
        return Pattern(pattern)
    except PatternInvalid as e:
        raise Fault(400, f"Invalid filter {name}: {e}") from e


def must_be_bounded(asked: list[Matched]) -> None:
    """Raises Fault."""
    cost = sum(one.pattern.cost(value or "" for value in one.values) for one in asked)
    if cost > MOST:
        raise Fault(
            400,
            f"Invalid filters: the patterns would take {cost} steps over all that is listed, and "
            f"may take {MOST}. Use shorter patterns, or list less.",
        )


def _all_found(asked: list[Matched], count: int) -> list[bool]:
    """For each row, in a thread. Raises LookupEnded."""
    so, current = list[bool](), lookup()
    for n in range(count):
        if n % _AT_ONCE == 0:
            current.go_on()
        so.append(all(_found(one, n) for one in asked))
    return so


def _found(one: Matched, n: int) -> bool:
    value = one.values[n]
    return value is not None and one.pattern.found(value)
