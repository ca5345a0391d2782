"""The log as a command's later decisions must see it: with what it has decided so far."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar, cast

from commands.command import A, Change, Command, Log, Reply, Stream, stream_id
from domain.shared.errors import NotFound

R = TypeVar("R", bound=Reply)


class Draft:
    """Implements :class:`commands.command.Log` over another log, which it leaves as it is."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._drafted: dict[str, Stream[Any]] = {}
        self.changes: list[Change] = []

    def find(self, kind: type[A], id: str) -> Stream[A] | None:
        """The stream with the drafted changes; None: it has no events."""
        drafted = self._drafted.get(stream_id(kind, id))
        return self._log.find(kind, id) if drafted is None else cast("Stream[A]", drafted)

    def load(self, kind: type[A], id: str) -> Stream[A]:
        """The stream with the drafted changes. Raises NotFound."""
        if (stream := self.find(kind, id)) is None:
            raise NotFound(what=kind.category, id=id)
        return stream

    def open(self, kind: type[A], id: str) -> Stream[A]:
        """The stream with the drafted changes, blank where it has no events."""
        drafted = self._drafted.get(stream_id(kind, id))
        return self._log.open(kind, id) if drafted is None else cast("Stream[A]", drafted)

    def decide(self, command: Command, into: type[R]) -> R:
        """Decide ``command``, draft its changes, and return its reply. Raises what the command
        raises."""
        changes, reply = command.decide(self)
        if not isinstance(reply, into):
            raise TypeError(f"{type(command).__name__} does not reply with {into.__name__}")
        self.record(changes)
        return reply

    def record(self, changes: Iterable[Change]) -> None:
        """Draft these changes: decisions from now on see them."""
        for change in changes:
            name, version, kind, event = change
            before = self.find(kind, name.partition(":")[2])
            state = before.state.after(event) if before and before.version else kind.begin(event)
            self._drafted[name] = Stream(name, version, state)
            self.changes.append(change)
