"""The three lines to one host: reading, changing and asking guests never wait for each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from adapters.hypervisors.driver import Failure
from adapters.hypervisors.kvm import guest, reading
from adapters.hypervisors.kvm.line import Deadline, Line
from adapters.hypervisors.kvm.reading import Reading
from domain.size import GuestView

# A guest that says nothing in this time is silent; its hypervisor's record stands without it.
_GUEST_SECONDS = 2.5


class Host:
    def __init__(self, uri: str) -> None:
        self._reads = Line(uri, writes=False)
        self._guests = Line(uri, writes=False)
        self._writes = Line(uri, writes=True)

    def read(self, server: UUID, by: Deadline) -> Reading:
        return self._reads.call(lambda host: reading.read_one(host, server), by=by)

    def is_held(self, server: UUID, by: Deadline) -> bool:
        return self._reads.call(lambda host: reading.is_held(host, server), by=by)

    def read_all(self, by: Deadline) -> list[Reading]:
        return self._reads.call(reading.read_all, by=by)

    def write(self, server: UUID, change: Callable[[Any], object], by: Deadline) -> None:
        """Let ``change`` have the domain. One change of a server at a time, else Busy."""
        uuid = str(server)
        self._writes.call(lambda h: change(h.lookupByUUIDString(uuid)), by=by, about=server)

    def guest(self, now: Reading, by: Deadline) -> GuestView:
        """What the guest says; nothing when it does not run, hangs, or has no way to say it."""
        if now.state != "running":
            return GuestView()
        soon, server = by.least(_GUEST_SECONDS), now.live.server
        try:
            return self._guests.call(lambda h: guest.ask(h, now), by=soon, about=server)
        except Failure:
            return GuestView()

    def guests(self, by: Deadline) -> dict[UUID, GuestView]:
        try:
            return self._guests.call(guest.ask_all, by=by.least(_GUEST_SECONDS))
        except Failure:
            return {}

    def close(self) -> None:
        for line in (self._reads, self._guests, self._writes):
            line.close()
