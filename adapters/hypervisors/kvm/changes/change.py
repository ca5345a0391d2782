"""One change of one server under its deadline, which knows whether anything was sent yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import sleep
from typing import Any, TypeVar
from uuid import UUID

from adapters.hypervisors.failures import Busy, DriverOutcomeUnknown, DriverUnavailable
from adapters.hypervisors.kvm.definition.reading import Hold, Reading
from adapters.hypervisors.kvm.link.host import HostLink
from adapters.hypervisors.kvm.link.line import Deadline
from domain.shared.size import GuestView

T = TypeVar("T")

# Seconds. Kept of the deadline when something is waited for, so that it can be read back.
_READ_BACK = 1.0
_AGAIN = 0.05
_OTHERS = 1.0


class DomainChange:
    """The host as seen from one operation on one of its servers."""

    def __init__(self, host: HostLink, server: UUID, by: Deadline) -> None:
        self._host = host
        self.server = server
        self._by = by
        self.sent = False

    @property
    def left(self) -> float:
        """Seconds until its deadline."""
        return self._by.left

    def wait_for_turn(self, *, seconds: float = _OTHERS) -> None:
        """Until no other call holds the server; while one does, its record may run ahead of it.

        Raises Busy when that takes longer than a question to its QEMU would.
        """
        by = self._by.least(seconds)
        with self._told():
            while (hold := self.hold()) != "free":
                if not by.left:
                    raise Busy(f"another {hold} holds this server")
                sleep(_AGAIN)

    def hold(self) -> Hold:
        with self._told():
            return self._host.hold(self.server, self._by)

    def ask(self, question: Callable[[Any], T]) -> T:
        with self._told():
            return self._host.ask(self.server, question, self._by)

    def read(self) -> Reading:
        with self._told():
            return self._host.read(self.server, self._by)

    def guest(self, now: Reading) -> GuestView:
        return self._host.guest(now, self._by)

    def write(self, change: Callable[[Any], object], *, within: float | None = None) -> None:
        """Make one change. Raises DriverRefused where it did nothing, DriverOutcomeUnknown once
        a call was sent."""
        by = self._by if within is None else self._by.least(within)
        self._write(lambda: self._host.write(self.server, change, by))

    def write_host(self, change: Callable[[Any], object]) -> None:
        """As `write`, for what is no change of a domain that is there already."""
        self._write(lambda: self._host.write_host(self.server, change, self._by))

    def move(self, change: Callable[[Any], object], *, within: float) -> None:
        """As `write`, for what takes long and leaves others' short calls their turn."""
        by = self._by.least(within)
        self._write(lambda: self._host.move(self.server, change, by))

    def force(self, change: Callable[[Any], object]) -> None:
        """As `write`, past an earlier call that still waits for this server's QEMU."""
        self._write(lambda: self._host.force(self.server, change, self._by))

    def _write(self, call: Callable[[], object]) -> None:
        with self._told():
            try:
                call()
            except DriverOutcomeUnknown:
                self.sent = True
                raise
        self.sent = True

    def wait(self, until: Callable[[Reading], bool], *, seconds: float) -> bool:
        """Read until it is so. False when it did not come in time."""
        by = self._by.least(max(0.0, min(seconds, self._by.left - _READ_BACK)))
        while not until(self.read()):
            if not by.left:
                return False
            sleep(_AGAIN)
        return True

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Once something was sent, not being able to ask leaves its outcome unknown."""
        try:
            yield
        except DriverUnavailable as e:
            if self.sent:
                raise DriverOutcomeUnknown(str(e)) from e
            raise
