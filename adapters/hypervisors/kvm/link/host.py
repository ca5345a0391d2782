"""The lines to one host: reading, changing, moving and asking guests never wait for each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from adapters.hypervisors.failures import Failure
from adapters.hypervisors.kvm.definition import guest, reading
from adapters.hypervisors.kvm.definition.reading import Hold, Reading
from adapters.hypervisors.kvm.link.line import Deadline, Line
from domain.shared.size import GuestView

T = TypeVar("T")

# A guest that says nothing in this time is silent; its hypervisor's record stands without it.
_GUEST_SECONDS = 2.5


class HostLink:
    def __init__(self, uri: str) -> None:
        self._reads = Line(uri, writes=False)
        self._guests = Line(uri, writes=False)
        self._writes = Line(uri, writes=True)
        self._moves = Line(uri, writes=True)

    def read(self, server: UUID, by: Deadline) -> Reading:
        return self._reads.call(lambda host: reading.read_one(host, server), by=by)

    def ask(self, server: UUID, question: Callable[[Any], T], by: Deadline) -> T:
        """What ``question`` finds out from the domain."""
        return self._reads.call(lambda host: question(_domain(host, server)), by=by)

    def ask_host(self, question: Callable[[Any], T], by: Deadline) -> T:
        return self._reads.call(question, by=by)

    def hold(self, server: UUID, by: Deadline) -> Hold:
        return self._reads.call(lambda host: reading.hold(host, server), by=by)

    def read_all(self, by: Deadline) -> list[Reading]:
        return self._reads.call(reading.read_all, by=by)

    def write(self, server: UUID, change: Callable[[Any], object], by: Deadline) -> None:
        """Let ``change`` have the domain. One change of a server at a time, else Busy."""
        self.write_host(server, lambda host: change(_domain(host, server)), by)

    def write_host(self, server: UUID, change: Callable[[Any], object], by: Deadline) -> None:
        """Let ``change`` have the connection, for something that is about ``server``."""
        self._writes.call(change, by=by, about=server)

    def move(self, server: UUID, change: Callable[[Any], object], by: Deadline) -> None:
        """As `write`, on a line of its own: four migrations at once hold up nothing else."""
        self._moves.call(lambda host: change(_domain(host, server)), by=by, about=server)

    def force(self, server: UUID, change: Callable[[Any], object], by: Deadline) -> None:
        """As `write`, even while another call about it has not come back."""
        self._writes.call(lambda host: change(_domain(host, server)), by=by)

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
        for line in (self._reads, self._guests, self._writes, self._moves):
            line.close()


def _domain(host: Any, server: UUID) -> Any:
    return host.lookupByUUIDString(str(server))
