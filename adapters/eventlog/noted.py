"""The end of a log as somebody noted it outside: whether the log still has it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple, Self

from adapters.eventlog.chain import Broken
from adapters.eventlog.mapper import StoredFact

_WRITTEN = re.compile(r"(\d{1,18}):([0-9a-fA-F]{64})")


class NotedHead(NamedTuple):
    """The hash of the fact at a position, which covers all facts up to it."""

    position: int
    digest: bytes

    @classmethod
    def read(cls, written: str) -> Self:
        """As ``POSITION:HASH``. Raises ValueError."""
        if not (found := _WRITTEN.fullmatch(written)) or int(found[1]) < 1:
            raise ValueError(
                f"{written!r} is no head: write POSITION:HASH, the position and the last hash that "
                "audit verify printed."
            )
        return cls(int(found[1]), bytes.fromhex(found[2]))


class NotedCheck:
    """Whether a log that is walked has the head that was noted."""

    def __init__(self, noted: NotedHead | None) -> None:
        self._noted = noted
        self.broken: Broken | None = None

    def watched(
        self, facts: Iterator[tuple[StoredFact, bytes]]
    ) -> Iterator[tuple[StoredFact, bytes]]:
        """The same facts, looked at as they pass."""
        if self._noted:
            self.broken = Broken(self._noted.position, "the log does not reach what was noted here")
        for stored, digest in facts:
            if self._noted and stored.id == self._noted.position:
                self.broken = self._compared(self._noted, digest)
            yield stored, digest

    def _compared(self, noted: NotedHead, digest: bytes) -> Broken | None:
        if digest == noted.digest:
            return None
        return Broken(noted.position, "the hash is not the one that was noted: it was rewritten")
