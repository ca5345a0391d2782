"""Random UUIDs for what is made without number: requests, operations."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from uuid import UUID

_DRAWN = 256 * 16


class RandomIds:
    """Drawn from the system many at a time: asking it for each lets another thread run first, which
    costs a request more than all else that is done here. No two threads get the same."""

    def __init__(self) -> None:
        self._drawn = _draw()

    def __call__(self) -> UUID:
        while True:
            for (drawn,) in self._drawn:
                return UUID(bytes=drawn, version=4)
            self._drawn = _draw()


def _draw() -> Iterator[tuple[bytes]]:
    return struct.iter_unpack("16s", os.urandom(_DRAWN))
