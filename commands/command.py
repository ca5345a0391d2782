"""What a command is, and the port through which it sees the past."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar, Generic, NamedTuple, Protocol, Self, TypeVar

import msgspec

from domain.shared.events import Event


class Aggregate(Protocol):
    """``snapshot_format`` goes up whenever the state's fields change their meaning."""

    category: ClassVar[str]
    snapshot_format: ClassVar[int]

    @classmethod
    def begin(cls, event: Any) -> Self: ...
    def after(self, event: Any) -> Self: ...


A = TypeVar("A", bound=Aggregate)


class Stream(msgspec.Struct, Generic[A], frozen=True, gc=False):
    """An aggregate as it is at some version; version 0 has no history yet."""

    id: str
    version: int
    state: A

    def record(self, *events: Event) -> list[Change]:
        """These events, one after another, at the end of the stream."""
        return _changes(self.id, self.version, type(self.state), events)


def first(kind: type[A], id: str, *events: Event) -> list[Change]:
    """These events, at the beginning of a new stream."""
    return _changes(stream_id(kind, id), 0, kind, events)


def _changes(
    stream: str, version: int, kind: type[Aggregate], events: Sequence[Event]
) -> list[Change]:
    return [Change(stream, version + n, kind, event) for n, event in enumerate(events, 1)]


class Change(NamedTuple):
    """An event, waiting to be recorded at the end of a stream as it was read."""

    stream: str
    version: int
    aggregate: type[Aggregate]
    event: Event


class Log(Protocol):
    """How a decision sees the past: all that was decided before it, committed or about to be."""

    def find(self, kind: type[A], id: str) -> Stream[A] | None:
        """The stream of one aggregate, if it has a history."""

    def load(self, kind: type[A], id: str) -> Stream[A]:
        """The same. Raises NotFound."""

    def open(self, kind: type[A], id: str) -> Stream[A]:
        """The same, with a blank state where there is no history."""


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What the caller is told; told again, the same, when it asks again with the same key."""


class Decision(NamedTuple):
    """What is to be recorded, all of it or nothing, and what the caller is told."""

    changes: list[Change]
    reply: Reply


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """A wish, and how it is decided. Reads the log, changes nothing, does no I/O of its own."""

    @abstractmethod
    def decide(self, log: Log) -> Decision:
        """Raises domain.errors.Refused."""


def stream_id(kind: type[Aggregate], id: str) -> str:
    """The name of an aggregate's stream in the log: ``server:3fa8…``, ``quota:demo``."""
    return f"{kind.category}:{id}"
