"""Nova's pages: a limit, a marker, and a link to the next page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from adapters.http.compute.gateway.calls import Call
from adapters.http.compute.gateway.faults import Fault
from adapters.http.compute.gateway.links import Link

MOST = 1000
"""Nova's ``[api]max_limit``."""

T = TypeVar("T")


def page(
    call: Call,
    rows: Sequence[T],
    key: Callable[[T], str],
    *,
    missing: str = "marker [{}] not found",
) -> list[T]:
    """The rows after the marker, as many as the limit allows. ``missing``: how a marker that is
    not there is refused. Raises Fault."""
    return list(after_marker(call, rows, key, missing=missing)[: limit_of(call)])


def after_marker(
    call: Call,
    rows: Sequence[T],
    key: Callable[[T], str],
    *,
    missing: str = "marker [{}] not found",
) -> Sequence[T]:
    """The same, all of them. Raises Fault."""
    if (marker := call.one("marker")) is None:
        return rows
    places = [place for place, row in enumerate(rows) if key(row) == marker]
    if not places:
        raise Fault(400, missing.format(marker))
    return rows[places[0] + 1 :]


def limit_of(call: Call) -> int:
    """How many things the page may have. Raises Fault."""
    given = call.one("limit")
    return MOST if given is None else min(MOST, whole(given, "limit"))


def whole(text: str, name: str) -> int:
    """A whole number, 0 or more. Raises Fault."""
    if not (text.isascii() and text.isdigit() and len(text) < 20):  # noqa: PLR2004 (a bigint)
        raise Fault(400, f"Invalid input received: {name} must be an integer")
    return int(text)


def next_link(
    call: Call, shown: Sequence[T], key: Callable[[T], str], collection: str
) -> list[Link]:
    """Nova gives one wherever a page is full, whether or not there is more."""
    limit = limit_of(call)
    if not limit or len(shown) < limit:
        return []
    return call.links.next(collection, call.query, key(shown[-1]))
