"""The aggregates in memory: loaded on demand, the least recently used dropped first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

from commands.command import A, Stream, stream_id
from commands.engine.store import Store
from domain.shared.errors import NotFound


class AggregateCache:
    """Implements :class:`commands.command.Log` over the store. Used by the sequencer alone.

    ``bound``: how many streams are kept.
    """

    def __init__(self, store: Store, *, bound: int) -> None:
        self._store = store
        self._bound = bound
        self._live: OrderedDict[str, Stream[Any]] = OrderedDict()

    def find(self, kind: type[A], id: str) -> Stream[A] | None:
        """The stream from memory, else from the store; None: it has no events."""
        name = stream_id(kind, id)
        live: Stream[A] | None = self._live.get(name)
        if live is None:
            return self._loaded(kind, name)
        self._live.move_to_end(name)
        return live

    def load(self, kind: type[A], id: str) -> Stream[A]:
        """The stream from memory, else from the store. Raises NotFound."""
        if (stream := self.find(kind, id)) is None:
            raise NotFound(what=kind.category, id=id)
        return stream

    def open(self, kind: type[A], id: str) -> Stream[A]:
        """The stream from memory, else from the store, blank where it has no events."""
        name = stream_id(kind, id)
        live: Stream[A] | None = self._live.get(name)
        if live is None:
            # Kept, so that the log is not asked again for what has no history.
            stream = self._loaded(kind, name) or Stream(name, 0, kind())
            self._live[name] = stream
            return stream
        self._live.move_to_end(name)
        return live

    def _loaded(self, kind: type[A], name: str) -> Stream[A] | None:
        if (loaded := self._store.load(kind, name)) is not None:
            self._live[name] = loaded
        return loaded

    def peek(self, name: str) -> Stream[Any] | None:
        """The stream if it is in memory and has events; the store is not asked."""
        live = self._live.get(name)
        return live if live and live.version else None

    def keep(self, streams: Iterable[Stream[Any]]) -> None:
        """Replace these streams by their later versions."""
        for stream in streams:
            self._live[stream.id] = stream

    def forget(self) -> None:
        """Drop everything: what is in memory may not be what the log has."""
        self._live.clear()

    def trim(self) -> None:
        """Drop the least recently used above the bound; only between commits, when all are as
        recorded."""
        while len(self._live) > self._bound:
            self._live.popitem(last=False)
