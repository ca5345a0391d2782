"""Token buckets, one for each tenant and class of requests, in bounded memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from math import ceil
from time import monotonic
from typing import NamedTuple

from pyrate_limiter import Rate, TokenBucket

_ALGORITHM = TokenBucket()


class Drawn(NamedTuple):
    """What came of drawing tokens. ``left``: tokens in the bucket; ``full_in``, ``retry_after``:
    whole seconds until it is full, and until there are as many as were wanted (0: there were)."""

    left: int
    full_in: int
    retry_after: int


def rate(per_second: float, burst_seconds: float) -> Rate:
    """``per_second`` tokens, of which ``burst_seconds`` worth, and at least one, are kept."""
    burst = max(1, round(per_second * burst_seconds))
    return Rate(burst, round(burst / per_second * 1000))


class Buckets:
    """``bound``: how many are remembered; the one that was not drawn from for longest is forgotten
    first, which is to say that it is full again. Not for several threads."""

    def __init__(self, bound: int, clock: Callable[[], float] = monotonic) -> None:
        self._bound = bound
        self._clock = clock
        self._states: OrderedDict[Hashable, tuple[float, ...]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._states)

    def draw(self, key: Hashable, rate: Rate, tokens: int = 1) -> Drawn:
        """More tokens than a full bucket has count as a full bucket."""
        rates, now = [rate], int(self._clock() * 1000)
        before = self._states.get(key) or _ALGORITHM.initial(rates)
        after, decision = _ALGORITHM.step(rates, before, now, min(tokens, rate.burst))
        self._keep(key, after)
        owed = _ALGORITHM.consumed(rates, after, now)
        return Drawn(
            left=rate.burst - owed,
            full_in=ceil(owed * rate.interval / rate.burst / 1000),
            retry_after=ceil((decision.retry_after_ms or 0) / 1000),
        )

    def _keep(self, key: Hashable, state: tuple[float, ...]) -> None:
        self._states[key] = state
        self._states.move_to_end(key)
        if len(self._states) > self._bound:
            self._states.popitem(last=False)
