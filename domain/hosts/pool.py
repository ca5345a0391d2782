"""A pool: hosts between which servers migrate, and whose capacity is promised together."""

from __future__ import annotations

from typing import ClassVar, Self, assert_never

import msgspec

from domain.shared.events import Event


class HostJoined(Event, frozen=True, kw_only=True, tag="pool.host-joined"):
    """A host joined the pool."""

    host: str


class HostLeft(Event, frozen=True, kw_only=True, tag="pool.host-left"):
    """A host left the pool."""

    host: str


PoolEvent = HostJoined | HostLeft


class Pool(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A pool as its events have made it; hosts in the order in which they joined."""

    category: ClassVar[str] = "pool"
    snapshot_format: ClassVar[int] = 1
    deleted: ClassVar[bool] = False
    is_over: ClassVar[bool] = False

    hosts: tuple[str, ...] = ()

    @classmethod
    def begin(cls, event: PoolEvent) -> Self:
        """The pool after its first event."""
        return cls().after(event)

    def after(self, event: PoolEvent) -> Self:
        """The pool after one more event. A host that joins again moves to the end."""
        others = tuple(name for name in self.hosts if name != event.host)
        match event:
            case HostJoined():
                return type(self)(hosts=(*others, event.host))
            case HostLeft():
                return type(self)(hosts=others)
            case never:
                assert_never(never)
