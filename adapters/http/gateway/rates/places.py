"""How many requests of one tenant are worked on at the same time; the next ones wait in line."""

from __future__ import annotations

import asyncio


class TooManyAtOnce(Exception):
    """As many requests of one tenant wait for a place as may. Nothing was done; ask again."""

    retry_after = 1

    def __init__(self, places: int, waiting: int) -> None:
        super().__init__()
        self.places = places
        self.waiting = waiting

    def __str__(self) -> str:
        return (
            f"{self.waiting} requests for lists of this project wait already, and {self.places} "
            "are answered at a time. Nothing was done; try again in a second."
        )


class Places:
    """``places`` for each tenant, and room for ``waiting`` more that wait for one. What has neither
    a place nor one who waits is forgotten. For one event loop."""

    def __init__(self, places: int, waiting: int) -> None:
        self._places = places
        self._waiting = waiting
        self._taken: dict[str, int] = {}
        self._gates: dict[str, asyncio.Semaphore] = {}

    async def take(self, tenant: str) -> None:
        """Wait for a place. Raises TooManyAtOnce."""
        there = self._taken.get(tenant, 0)
        if there >= self._places + self._waiting:
            raise TooManyAtOnce(self._places, self._waiting)
        gate = self._gates.get(tenant)
        if gate is None:
            gate = self._gates[tenant] = asyncio.Semaphore(self._places)
        self._taken[tenant] = there + 1
        try:
            await gate.acquire()
        except BaseException:
            self._leave(tenant)
            raise

    def give_back(self, tenant: str, rest: float = 0) -> None:
        """For the next one, which has it after ``rest`` seconds."""
        if rest:
            asyncio.get_running_loop().call_later(rest, self.give_back, tenant)
            return
        self._gates[tenant].release()
        self._leave(tenant)

    def _leave(self, tenant: str) -> None:
        self._taken[tenant] -= 1
        if not self._taken[tenant]:
            del self._taken[tenant], self._gates[tenant]

    def __len__(self) -> int:
        return len(self._gates)
