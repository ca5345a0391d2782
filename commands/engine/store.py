"""What the sequencer needs of the place where facts are kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

import msgspec

from commands.command import A, Stream
from domain.shared.events import Fact


class Key(NamedTuple):
    """Whose Idempotency-Key it is; two callers may use the same."""

    owner: str
    key: str


class Answer(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a command came to: the position of its last fact, and its reply as JSON.

    ``fingerprint`` is the SHA-256 of the request that was answered, where it carried a key.
    """

    position: int
    reply: bytes
    fingerprint: bytes = b""


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """What one commit records: the facts, their streams as they are after them, and the answers."""

    at: datetime
    facts: Sequence[Fact[Any]]
    touched: dict[str, Stream[Any]]
    snapshots: Sequence[Stream[Any]]
    answers: dict[Key, Answer]

    @property
    def empty(self) -> bool:
        return not self.facts and not self.answers


class KeyTaken(Exception):
    """Some key of the batch is in the log already. Nothing was written."""


class WriterLost(Exception):
    """The database failed, or another process is the writer now. What was sent may be written."""


class Store(Protocol):
    """One process's access to the log; at most one of all processes holds it as the writer."""

    def acquire(self) -> int | None:
        """Become the writer and return the position of the last fact; None: another is."""

    def latest(self) -> datetime | None:
        """When the last fact was recorded, as of `acquire`: time goes on from there."""

    def release(self) -> None: ...

    def load(self, kind: type[A], stream: str) -> Stream[A] | None:
        """Raises WriterLost."""

    def append(self, batch: Batch) -> None:
        """Write all of it or nothing. Raises KeyTaken, WriterLost."""

    def committed(self, batch: Batch) -> bool:
        """Whether a batch whose append raised WriterLost was written. Raises WriterLost."""

    def answers(self, keys: Sequence[Key]) -> dict[Key, Answer]:
        """Those of the keys that were answered before. Raises WriterLost."""

    def ping(self) -> None:
        """Raises WriterLost."""
