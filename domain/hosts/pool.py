"""A pool: hosts between which servers migrate, and whose capacity is promised together."""

from __future__ import annotations

from typing import ClassVar, Self, assert_never

import msgspec

from domain.shared.events import Event


class HostJoined(Event, frozen=True, kw_only=True, tag="pool.host-joined"):
    host: str


class HostLeft(Event, frozen=True, kw_only=True, tag="pool.host-left"):
    host: str


PoolEvent = HostJoined | HostLeft


class Pool(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    category: ClassVar[str] = "pool"
    snapshot_format: ClassVar[int] = 1

    hosts: tuple[str, ...] = ()

    @classmethod
    def begin(cls, event: PoolEvent) -> Self:
        return cls().after(event)

    def after(self, event: PoolEvent) -> Self:
        others = tuple(name for name in self.hosts if name != event.host)
        match event:
            case HostJoined():
                return type(self)(hosts=(*others, event.host))
            case HostLeft():
                return type(self)(hosts=others)
            case never:
                assert_never(never)
