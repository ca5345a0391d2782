"""The read models in memory: the fold of all facts, for every frequent question."""

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
    """One consistent set of read models. ``position``: that of the last fact folded in. ``last``:
    that fact itself, where this process has folded it; None: the set was read from the tables."""

    def __init__(self) -> None:
        self.limits = Limits()
        self.servers = Servers()
        self.operations = Operations(self.servers)
        self.catalogue = Catalogue()
        self.position = 0
        self.last: Fact[Any] | None = None
        self._of: dict[str, list[Callable[[Fact[Any]], object]]] = {}
        for model in (self.limits, self.servers, self.operations, self.catalogue):
            for category in model.categories:
                self._of.setdefault(category, []).append(model.apply)

    def apply(self, facts: Sequence[Fact[Any]]) -> None:
        """Fold facts in, servers before their operations.

        Facts that are in already are passed over: a commit may be published twice.
        """
        for fact in facts:
            if fact.position <= self.position:
                continue
            for apply in self._of[fact.stream.partition(":")[0]]:
                apply(fact)
            self.position, self.last = fact.position, fact


class ReadSide:
    """The read models that handlers ask. Rows are immutable, so reading needs no lock.

    ``lock`` is for writers: the sequencer's thread, the follower, and a rebuild that replaces the
    set.
    """

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
        """The position of the last fact in memory."""
        return self.models.position

    def publish(self, facts: Sequence[Fact[Any]]) -> None:
        """Fold facts in and wake whoever waits for them."""
        with self.lock:
            self.models.apply(facts)
        self.waiters.seen()

    def server(self, server: UUID) -> ServerRow | None:
        """The server, deleted or not; None: it was never known."""
        return self.models.servers.get(server)

    def server_name(self, server: UUID) -> str | None:
        """Also of one that is deleted; None if it is not known."""
        row = self.server(server)
        return row.state.name if row else None

    def operation(self, operation: UUID) -> OperationRow | None:
        """The operation, if it is in memory."""
        return self.models.operations.get(operation)

    async def reaches(self, position: int, within: float) -> bool:
        """Whether memory reaches ``position`` within so many seconds."""
        return await self.waiters.until(lambda: self.position >= position, within)

    async def is_saved(self, position: int, within: float) -> bool:
        """Whether the tables reach ``position`` within so many seconds."""
        return await self.waiters.until(lambda: self.saved >= position, within)

    async def ends(self, operation: UUID, within: float) -> OperationRow | None:
        """The operation when it ends, or as it is after ``within`` seconds."""
        await self.waiters.until(lambda: self._has_ended(operation), within)
        return self.operation(operation)

    def _has_ended(self, operation: UUID) -> bool:
        row = self.operation(operation)
        return row is not None and row.has_ended
