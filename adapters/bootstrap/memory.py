"""How often Python looks for cyclic garbage."""

from __future__ import annotations

import gc

# Full passes walk everything that lives, which for a long-lived region is a great deal and almost
# never garbage: with Python's own thresholds they were most of the slowest answers (measured).
_THRESHOLDS = (50_000, 20, 100)


def seldom_collect() -> None:
    gc.set_threshold(*_THRESHOLDS)
