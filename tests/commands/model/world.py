"""What really is: guests on hosts, whatever the books say of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from domain.server import Power, Seen
from domain.shared.size import GuestView, Size
from tests.kit.examples import ENVELOPE


class Room(NamedTuple):
    """vCPUs and MiB, of a guest or on a host."""

    cpus: int
    mib: int

    @property
    def size(self) -> Size:
        return Size(self.cpus, self.mib)


NO_ROOM = Room(0, 0)
STEP = 512
LIMITS_OF_GUESTS = Room(1, STEP), Room(8, 8192)
"""The least and the most that every guest here can have while it runs."""

REACH = type(ENVELOPE)(
    floor=LIMITS_OF_GUESTS[0].size,
    ceiling=LIMITS_OF_GUESTS[1].size,
    memory_by="virtio-mem",
    memory_step_mib=STEP,
)


class Guest(NamedTuple):
    host: str
    room: Room
    power: Power

    @property
    def seen(self) -> Seen:
        """As a relay would read it."""
        return Seen(
            host=self.host,
            size=self.room.size,
            power=self.power,
            guest=GuestView(),
            envelope=REACH,
        )


def largest(*rooms: Room) -> Room:
    return Room(max(room.cpus for room in rooms), max(room.mib for room in rooms))


@dataclass
class World:
    """``touched``: guests that somebody else has changed since the books were told of them;
    ``touches`` counts how often at all."""

    guests: dict[UUID, Guest] = field(default_factory=dict)
    touched: set[UUID] = field(default_factory=set)
    touches: Counter[UUID] = field(default_factory=Counter)

    def put(self, server: UUID, guest: Guest | None) -> None:
        if guest is None:
            self.guests.pop(server, None)
        else:
            self.guests[server] = guest

    def touch(self, server: UUID, guest: Guest | None) -> None:
        """Somebody else does it."""
        self.put(server, guest)
        self.touched.add(server)
        self.touches[server] += 1
