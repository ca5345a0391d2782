"""SQL as plain data: what a read model writes, column by column. Only adapters run it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, LiteralString, NamedTuple

from domain.shared.events import Fact

Columns = dict[str, list[Any]]
"""One list a column, all of the same length; rows are written through ``unnest``."""


class WrittenWithFacts(NamedTuple):
    """A table that is written in the same statement as the facts."""

    name: str
    sql: LiteralString
    columns: Callable[[Sequence[Fact[Any]]], Columns]
