"""What a relay has taken and is not done with: waiting, called, or not yet heard of."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from projections.outbox.lanes import Message


class InFlight:
    """``queued``: taken ahead, in order, of each host. ``calling``: operations of each host that
    are being carried. ``unheard``: those whose outcome was reported and not yet answered."""

    def __init__(self) -> None:
        self.queued: dict[str, list[Message]] = {}
        self.calling: dict[str, set[UUID]] = {}
        self.unheard: dict[UUID, Message] = {}

    def busy(self, host: str) -> set[UUID]:
        """All operations of a host; none of them is taken again."""
        unheard = {operation for operation, ask in self.unheard.items() if ask.host == host}
        queued = {ask.operation for ask in self.queued.get(host, [])}
        return unheard | queued | self.calling.get(host, set())

    def busy_hosts(self) -> list[str]:
        return [host for host in self.calling.keys() | self.queued if self.busy(host)]

    def started(self, host: str, slots: int) -> Iterator[Message]:
        """The next calls of a lane, in order, as far as its slots go; each is called from now."""
        queue, calling = self.queued[host], self.calling.setdefault(host, set())
        while queue and len(calling) < slots:
            ask = queue.pop(0)
            calling.add(ask.operation)
            yield ask

    def waiting(self) -> list[Message]:
        """Of all hosts; nothing of it was sent."""
        return [ask for queue in self.queued.values() for ask in queue]
