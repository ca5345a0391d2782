"""How often a host is looked at, and how long one that does not answer is left alone."""

from __future__ import annotations

import msgspec


class WatchPace(msgspec.Struct, frozen=True, kw_only=True):
    """``gather``: what happens in this time is looked at together. ``again``: what was told, or
    could not be said yet, is looked at again after that, and then each time after twice as long, up
    to ``longest_again``. A host or a leader that does not answer is asked again alike, up to
    ``longest_rest``. ``claim``: how often the right to watch is sought. All in seconds."""

    sweep: float = 60.0
    gather: float = 1.0
    again: float = 1.0
    longest_again: float = 4.0
    longest_rest: float = 15.0
    claim: float = 1.0

    def look_again(self, times: int) -> float:
        return _doubled(self.again, times, self.longest_again)

    def sweep_again(self, times: int) -> float:
        return _doubled(self.again, times, self.sweep)

    def rest(self, failures: int) -> float:
        return _doubled(self.again / 2, failures, self.longest_rest)


def _doubled(first: float, times: int, most: float) -> float:
    return min(first * 2.0 ** min(times, 16), most)
