"""The shape of a command, and the port through which its decision sees the past."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar, Generic, NamedTuple, Protocol, Self, TypeVar

import msgspec

from domain.shared.events import Event


class Aggregate(Protocol):
    """A state that is folded from the events of one stream.

    ``category`` begins its streams' names. ``snapshot_format`` goes up whenever the fields of the
    state change their meaning, so that older snapshots are not read.
    """

    category: ClassVar[str]
    snapshot_format: ClassVar[int]

    @classmethod
    def begin(cls, event: Any) -> Self:
        """The state after the first event of a stream."""

    def after(self, event: Any) -> Self:
        """The state after one more event. Never refuses: what was recorded has happened."""


A = TypeVar("A", bound=Aggregate)


class Stream(msgspec.Struct, Generic[A], frozen=True, gc=False):
    """An aggregate at some version; version 0 has no events yet."""

    id: str
    version: int
    state: A

    def record(self, *events: Event) -> list[Change]:
        """The changes that add these events at the end of the stream, one after another."""
        return _changes(self.id, self.version, type(self.state), events)


def first(kind: type[A], id: str, *events: Event) -> list[Change]:
    """The changes that begin a new stream with these events."""
    return _changes(stream_id(kind, id), 0, kind, events)


def _changes(
    stream: str, version: int, kind: type[Aggregate], events: Sequence[Event]
) -> list[Change]:
    return [Change(stream, version + n, kind, event) for n, event in enumerate(events, 1)]


class Change(NamedTuple):
    """An event to be recorded as ``version`` of a stream."""

    stream: str
    version: int
    aggregate: type[Aggregate]
    event: Event


class Log(Protocol):
    """The past as a decision sees it: all that was decided before, committed or about to be."""

    def find(self, kind: type[A], id: str) -> Stream[A] | None:
        """The stream of one aggregate; None: it has no events."""

    def load(self, kind: type[A], id: str) -> Stream[A]:
        """The stream of one aggregate that must have events. Raises NotFound."""

    def open(self, kind: type[A], id: str) -> Stream[A]:
        """The stream of one aggregate, with a blank state where it has no events."""


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What the caller is told; the same again when it repeats the request with the same key."""


class Decision(NamedTuple):
    """What is to be recorded, all of it or nothing, and what the caller is told."""

    changes: list[Change]
    reply: Reply


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """A request, and how it is decided. A decision only reads the log; it changes nothing
    itself."""

    @property
    def weight(self) -> int:
        """How many decisions it is: what it costs its tenant's turn in the queue."""
        return 1

    @abstractmethod
    def decide(self, log: Log) -> Decision:
        """The changes to record and the reply. Raises a subclass of Refused; then nothing is
        recorded."""


def stream_id(kind: type[Aggregate], id: str) -> str:
    """The name of an aggregate's stream in the log: ``server:3fa8…``, ``quota:demo``."""
    return f"{kind.category}:{id}"
