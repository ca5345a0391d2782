"""The rows that changed in memory and are not written to their tables yet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar
from uuid import UUID

from adapters.readside.models import Models
from projections.catalogue import AnyRow
from projections.operations import OperationRow
from projections.servers import ServerRow


class _Row(Protocol):
    @property
    def position(self) -> int: ...


K = TypeVar("K")
R = TypeVar("R", bound=_Row)


class UnsavedRows:
    """Keeps only the last state of each row, as only that is written."""

    def __init__(self) -> None:
        self.servers: dict[UUID, ServerRow] = {}
        self.operations: dict[UUID, OperationRow] = {}
        self.catalogue: dict[tuple[str, str], AnyRow] = {}

    def take(self, models: Models) -> None:
        """Take all rows that changed; they count as saved from now on."""
        self.take_things(models)
        self.take_operations(models.operations.take_changed())

    def take_things(self, models: Models) -> None:
        """Take the servers and the catalogue's rows that changed."""
        self.servers |= {row.id: row for row in models.servers.take_changed()}
        self.catalogue |= {row.key: row for row in models.catalogue.take_changed()}

    def take_operations(self, rows: Iterable[OperationRow]) -> None:
        """Take these operations."""
        self.operations |= {row.id: row for row in rows}

    def let_go(self, saved: int) -> None:
        """Forget the rows that another process has saved, up to position ``saved``."""
        self.servers = _behind(self.servers, saved)
        self.operations = _behind(self.operations, saved)
        self.catalogue = _behind(self.catalogue, saved)


def _behind(rows: dict[K, R], saved: int) -> dict[K, R]:
    return {key: row for key, row in rows.items() if row.position > saved}
