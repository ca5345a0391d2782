"""A fact that a writer may write, whoever it is."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from adapters.eventlog.mapper import StoredFact


def fact(position: int = 1) -> StoredFact:
    return StoredFact(
        id=position,
        originator_id="quota:demo",
        originator_version=position,
        topic="quota.changed",
        state=b"{}",
        at=datetime.now(UTC),
        by="",
        because=UUID(int=0),
    )
