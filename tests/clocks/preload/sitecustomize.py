"""Python's own sleep fails under libfaketime 0.9.10, which shifts the end of it as well.

Found by Python at its start, because the folder is on its path; it is on nobody else's.
"""

from __future__ import annotations

import select
import time


def _sleep(seconds: float) -> None:
    select.select([], [], [], seconds)


time.sleep = _sleep  # type: ignore[assignment] # it takes integers as well
