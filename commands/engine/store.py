"""The port to the place where facts are kept, as the sequencer needs it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

import msgspec

from commands.command import A, Stream
from domain.shared.events import Fact


class Key(NamedTuple):
    """An Idempotency-Key and whose it is: two callers may use the same."""

    owner: str
    key: str


class Answer(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The answer to a command: the position of its last fact, and its reply as JSON.

    ``fingerprint``: the SHA-256 of the request, if it carried a key.
    """

    position: int
    reply: bytes
    fingerprint: bytes = b""


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """What one commit records: facts, their streams as they are afterwards, snapshots, answers."""

    at: datetime
    facts: Sequence[Fact[Any]]
    touched: dict[str, Stream[Any]]
    snapshots: Sequence[Stream[Any]]
    answers: dict[Key, Answer]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write."""
        return not self.facts and not self.answers


class KeyTaken(Exception):
    """A key of the batch is in the log already. Nothing was written."""


class WriterLost(Exception):
    """The database failed, or another process is the writer now. What was sent may be written."""


class Store(Protocol):
    """One process's access to the log. At most one of all processes is the writer."""

    def acquire(self) -> int | None:
        """Become the writer and return the position of the last fact; None: another process is."""

    def is_current(self) -> bool:
        """Whether this process is the writer, and no other can have become it meanwhile. For any
        thread."""

    def latest(self) -> datetime | None:
        """When the last fact was recorded (UTC), as of `acquire`; facts never go back in time."""

    def release(self) -> None:
        """Be the writer no longer, so that another process can be."""

    def load(self, kind: type[A], stream: str) -> Stream[A] | None:
        """The stream as recorded; None: it has no facts. Raises WriterLost."""

    def append(self, batch: Batch) -> Sequence[int]:
        """Write all of the batch or nothing; returns the bytes of each fact's body. Raises
        KeyTaken, WriterLost."""

    def committed(self, batch: Batch) -> bool:
        """Whether a batch whose `append` raised WriterLost was written. Raises WriterLost."""

    def answers(self, keys: Sequence[Key]) -> dict[Key, Answer]:
        """The keys that were answered before, with their answers. Raises WriterLost."""

    def ping(self) -> None:
        """Check that this process is still the writer. Raises WriterLost."""
