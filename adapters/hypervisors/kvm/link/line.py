"""Calls to one host of which none outlasts its deadline, and none holds up another server's."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from time import monotonic
from typing import Any, Generic, TypeVar
from uuid import UUID

import libvirt

from adapters.hypervisors.failures import Busy, DriverOutcomeUnknown, Failure, Unreachable
from adapters.hypervisors.kvm import reasons
from adapters.hypervisors.kvm.link import errors
from adapters.hypervisors.kvm.link.connection import Connection

T = TypeVar("T")

# libvirtd serves five requests of one connection at a time; the sixth waits, whatever it asks.
_AT_ONCE = 4
# A call left behind occupies a worker of libvirtd (it has 20) until its server answers.
_LEFT_BEHIND = 8


class Deadline:
    """A moment by which an answer must be there."""

    def __init__(self, within: float) -> None:
        self._ends = monotonic() + within

    @property
    def left(self) -> float:
        """Seconds, never below zero."""
        return max(0.0, self._ends - monotonic())

    def least(self, seconds: float) -> Deadline:
        """This one or the one in so many seconds, whichever is sooner."""
        return Deadline(min(self.left, seconds))


class _Call(Generic[T]):
    """One call in a thread of its own, which is left behind when it does not come back."""

    def __init__(self, link: Connection, ask: Callable[[Any], T], about: UUID | None) -> None:
        self.link = link
        self.about = about
        self.answer: Future[T] = Future()
        self._ask = ask
        self._turn = threading.Lock()
        self._sent = False
        self._given_up = False

    def run(self, ended: Callable[[], None]) -> None:
        try:
            answer = self._send(self.link.connection())
        except BaseException as e:  # noqa: BLE001 (raised again where it is waited for)
            if isinstance(e, libvirt.libvirtError):
                reasons.restored(e)
            ended()
            self.answer.set_exception(e)
        else:
            ended()
            self.answer.set_result(answer)

    def _send(self, connection: Any) -> T:
        """Never after it was given up: whoever waited was told that nothing was sent."""
        with self._turn:
            if self._given_up:
                raise Unreachable("the connection came too late")
            self._sent = True
        return self._ask(connection)

    def give_up(self) -> bool:
        """Whether it was sent. If not, it never will be."""
        with self._turn:
            self._given_up = True
            return self._sent


class Line:
    """One connection of a host for one purpose, at most four calls at a time.

    ``writes`` says that a call which got no answer may have changed something. A call about a
    server is refused while an earlier one about it has not come back.
    """

    def __init__(self, uri: str, *, writes: bool) -> None:
        self._uri = uri
        self._writes = writes
        self._link = Connection(uri)
        self._room = threading.Condition()
        self._awaited: set[_Call[Any]] = set()
        self._left_behind: set[_Call[Any]] = set()

    def call(self, ask: Callable[[Any], T], *, by: Deadline, about: UUID | None = None) -> T:
        """What ``ask`` answers, given the open connection. Raises ours, never libvirt's."""
        call = self._begin(ask, by, about)
        threading.Thread(target=call.run, args=(lambda: self._end(call),), daemon=True).start()
        try:
            return call.answer.result(by.left)
        except TimeoutError as e:
            raise self._leave_behind(call) from e
        except libvirt.libvirtError as e:
            if errors.connection_is_lost(e):
                self._renew(call.link)
            raise errors.failure(e, sent=self._writes) from e

    def _begin(self, ask: Callable[[Any], T], by: Deadline, about: UUID | None) -> _Call[T]:
        with self._room:
            if about is not None and about in {c.about for c in self._awaited | self._left_behind}:
                raise Busy("an earlier call about this server has not come back")
            if not self._room.wait_for(self._has_room, by.left):
                raise Busy("too many calls of this host have not come back")
            call = _Call(self._link, ask, about)
            self._awaited.add(call)
            return call

    def _has_room(self) -> bool:
        return len(self._awaited) < _AT_ONCE and len(self._left_behind) < _LEFT_BEHIND

    def _end(self, call: _Call[Any]) -> None:
        with self._room:
            self._awaited.discard(call)
            self._left_behind.discard(call)
            self._room.notify_all()

    def _leave_behind(self, call: _Call[Any]) -> Failure:
        """Others must not queue behind it in the daemon: they get another connection."""
        sent = call.give_up()
        with self._room:
            if call in self._awaited:
                self._awaited.remove(call)
                self._left_behind.add(call)
            self._room.notify_all()
        self._renew(call.link)
        if sent and self._writes:
            return DriverOutcomeUnknown("the hypervisor took the call and did not answer in time")
        return Unreachable("the hypervisor did not answer in time")

    def _renew(self, lost: Connection) -> None:
        with self._room:
            if self._link is not lost:
                return
            self._link = Connection(self._uri)
        lost.let_go()

    def close(self) -> None:
        self._link.let_go()
