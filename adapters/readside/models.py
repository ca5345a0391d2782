"""The read models in memory: the fold of all facts so far, for every hot question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import RLock
from typing import Any
from uuid import UUID

from adapters.readside.waiters import Waiters
from domain.shared.events import Fact
from projections.catalogue import Catalogue
from projections.limits import Limits
from projections.operations import OperationRow, Operations
from projections.servers import ServerRow, Servers


class Models:
    """One consistent set. ``position`` is that of the last fact folded in."""

    def __init__(self) -> None:
        self.limits = Limits()
        self.servers = Servers()
        self.operations = Operations(self.servers)
        self.catalogue = Catalogue()
        self.position = 0
        self._of: dict[str, list[Callable[[Fact[Any]], object]]] = {}
        for model in (self.limits, self.servers, self.operations, self.catalogue):
            for category in model.categories:
                self._of.setdefault(category, []).append(model.apply)

    def apply(self, facts: Sequence[Fact[Any]]) -> None:
        """Facts that are in already are passed over: a commit may be told twice. Each goes to the
        models of its category, servers before their operations."""
        for fact in facts:
            if fact.position <= self.position:
                continue
            for apply in self._of[fact.stream.partition(":")[0]]:
                apply(fact)
            self.position = fact.position


class ReadSide:
    """What handlers ask. Rows are immutable, so that reading needs no lock; ``lock`` is for those
    who write: the sequencer's thread, the follower, and a rebuild that puts in a new set."""

    def __init__(self) -> None:
        self.models = Models()
        self.lock = RLock()
        self.waiters = Waiters()
        self.patience = 5.0
        """Seconds that a read waits for the position it asks for."""
        self.saved = 0
        """How far the tables of servers, operations, the catalogue and history have come."""

    @property
    def position(self) -> int:
        return self.models.position

    def publish(self, facts: Sequence[Fact[Any]]) -> None:
        with self.lock:
            self.models.apply(facts)
        self.waiters.seen()

    def server(self, server: UUID) -> ServerRow | None:
        return self.models.servers.get(server)

    def server_name(self, server: UUID) -> str | None:
        """Also of one that is deleted; None if it is not known."""
        row = self.server(server)
        return row.state.name if row else None

    def operation(self, operation: UUID) -> OperationRow | None:
        return self.models.operations.get(operation)

    async def reaches(self, position: int, within: float) -> bool:
        """Whether memory comes to ``position`` in ``within`` seconds."""
        return await self.waiters.until(lambda: self.position >= position, within)

    async def is_saved(self, position: int, within: float) -> bool:
        """Whether the tables come to ``position`` in ``within`` seconds."""
        return await self.waiters.until(lambda: self.saved >= position, within)

    async def ends(self, operation: UUID, within: float) -> OperationRow | None:
        """The operation as it is when it ends, or after ``within`` seconds."""
        await self.waiters.until(lambda: self._has_ended(operation), within)
        return self.operation(operation)

    def _has_ended(self, operation: UUID) -> bool:
        row = self.operation(operation)
        return row is not None and row.has_ended
