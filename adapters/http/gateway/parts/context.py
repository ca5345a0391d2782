"""What a request is decided with that the inner layers may not have: a clock, and new ids."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from adapters.random_ids import RandomIds


class Context:
    """``operation_seconds``: how long an operation may take from now on; ``now``: the region's
    clock."""

    def __init__(self, operation_seconds: float, *, now: Callable[[], datetime]) -> None:
        self._now = now
        self._patience = timedelta(seconds=operation_seconds)
        self._random = RandomIds()

    def now(self) -> datetime:
        """In UTC."""
        return self._now()

    def deadline(self) -> datetime:
        """When an operation that is asked for now ends at the latest."""
        return self.now() + self._patience

    def new_id(self) -> UUID:
        """A random one."""
        return self._random()
