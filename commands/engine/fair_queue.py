"""Where commands wait for the sequencer: a queue for each tenant, served in turn."""

from __future__ import annotations

from collections import deque
from threading import Condition

from commands.engine.request import Overloaded, Request, TenantOverloaded

_TURN = 8
"""What a tenant may spend in one turn, in weights of commands."""


class _TenantQueue:
    """The waiting commands of one tenant, and their weight. ``credit``: what it may still spend in
    this turn."""

    __slots__ = ("credit", "requests", "tenant", "weight")

    def __init__(self, tenant: str) -> None:
        self.tenant = tenant
        self.requests: deque[Request] = deque()
        self.credit = 0
        self.weight = 0


class FairQueue:
    """Deficit round robin (Shreedhar and Varghese, 1995): however many commands one tenant has
    waiting, the next of another is in the next batch.

    ``bound``: how much may wait in all, in weights of commands. A tenant may have as much as there
    is room left (dynamic thresholds, Choudhury and Hahne, 1998), so that one alone has nearly half
    of it; the last tenth is for the region and for tenants that have nothing waiting.
    ``batch``: the weight of one batch; ``share``: how much of it one tenant has at most, so that
    nobody waits long for a batch of another. What the region itself asks (tenant None) is first,
    but never more than half of a batch while others wait. Everything costs the same, however many
    wait. May be used in any thread.
    """

    def __init__(self, *, bound: int, batch: int, share: int) -> None:
        self._bound = bound
        self._shared = bound - bound // 10
        self._batch = batch
        self._share = share
        self._changed = Condition()
        self._of_region: deque[Request] = deque()
        self._of_tenants: dict[str, _TenantQueue] = {}
        self._turns: deque[_TenantQueue] = deque()
        self._weight = 0
        self._woken = False

    def __len__(self) -> int:
        return self._weight

    def put(self, request: Request) -> None:
        """Raises Overloaded, TenantOverloaded."""
        with self._changed:
            if self._weight >= self._bound:
                raise Overloaded
            weight = request.command.weight
            if request.tenant is None:
                self._of_region.append(request)
            else:
                self._put(request.tenant, request, weight)
            self._weight += weight
            self._changed.notify()

    def take(self, timeout: float) -> list[Request]:
        """The next batch; waits for it up to ``timeout`` seconds, or until woken."""
        with self._changed:
            self._changed.wait_for(lambda: self._weight or self._woken, timeout)
            self._woken = False
            taken: list[Request] = []
            self._take_of_region(taken)
            self._take_in_turn(taken)
            self._weight -= sum(one.command.weight for one in taken)
            return taken

    def take_all(self) -> list[Request]:
        """All that wait, in no order."""
        with self._changed:
            taken = [one for queue in self._turns for one in queue.requests]
            taken += self._of_region
            self._of_region.clear()
            self._of_tenants.clear()
            self._turns.clear()
            self._weight = 0
            return taken

    def wake(self) -> None:
        """End the waiting of `take`."""
        with self._changed:
            self._woken = True
            self._changed.notify()

    def _put(self, tenant: str, request: Request, weight: int) -> None:
        """Raises TenantOverloaded."""
        queue = self._of_tenants.get(tenant)
        if queue is None:
            queue = self._of_tenants[tenant] = _TenantQueue(tenant)
            self._turns.append(queue)
        elif queue.weight >= self._shared - self._weight:
            raise TenantOverloaded(queue.weight)
        queue.requests.append(request)
        queue.weight += weight

    def _take_of_region(self, taken: list[Request]) -> None:
        most = self._batch // 2 if self._turns else self._batch
        count = min(most, len(self._of_region))
        taken.extend(self._of_region.popleft() for _ in range(count))

    def _take_in_turn(self, taken: list[Request]) -> None:
        """Each has its turn until the batch is full, or nobody may have more of it."""
        room = self._batch - len(taken)
        spent: dict[str, int] = {}
        over: list[_TenantQueue] = []
        while self._turns and room > 0:
            queue = self._turns.popleft()
            weight = self._turn(queue, taken, room)
            room -= weight
            spent[queue.tenant] = spent.get(queue.tenant, 0) + weight
            if not queue.requests:
                del self._of_tenants[queue.tenant]
            elif spent[queue.tenant] >= self._share:
                over.append(queue)
            else:
                self._turns.append(queue)
        self._turns.extend(over)

    @staticmethod
    def _turn(queue: _TenantQueue, taken: list[Request], room: int) -> int:
        """What it has spent: its credit, or one command more, whose price it pays by waiting."""
        queue.credit += _TURN
        spent = 0
        while queue.requests and spent < min(queue.credit, room):
            request = queue.requests.popleft()
            taken.append(request)
            spent += request.command.weight
        queue.credit = min(queue.credit - spent, 0)
        queue.weight -= spent
        return spent
