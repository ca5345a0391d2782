"""What a request is decided with that the inner layers may not have: a clock, and new ids."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from adapters.random_ids import RandomIds


def now() -> datetime:
    """In UTC."""
    return datetime.now(UTC)


class Context:
    """``operation_seconds``: how long an operation may take from now on."""

    def __init__(self, operation_seconds: float) -> None:
        self._patience = timedelta(seconds=operation_seconds)
        self._random = RandomIds()

    def now(self) -> datetime:
        """In UTC."""
        return now()

    def deadline(self) -> datetime:
        """When an operation that is asked for now ends at the latest."""
        return self.now() + self._patience

    def new_id(self) -> UUID:
        """A random one."""
        return self._random()
