"""What every measurement is given: a PostgreSQL, how long it may take, what others have made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any, TypeVar, cast

from tests.bench.kit.row import Row
from tests.kit.postgres import Server, database

T = TypeVar("T")

ROOT = Path(__file__).parents[3]


class Bench:
    """``quick``: figures in a minute or two instead of ten, with more noise."""

    def __init__(self, server: Server, stack: ExitStack, *, quick: bool) -> None:
        self.quick = quick
        self._server = server
        self._stack = stack
        self._kept: dict[Any, Any] = {}

    def database(self) -> AbstractContextManager[str]:
        """A new database with the present schema; yields its DSN."""
        return database(self._server)

    def kept(self, made: Callable[[Bench], AbstractContextManager[T]]) -> T:
        """What is made once in a run, for several measurements, and kept until its end."""
        if made not in self._kept:
            self._kept[made] = self._stack.enter_context(made(self))
        return cast("T", self._kept[made])


Measurement = Callable[[Bench], Iterator[Row]]
