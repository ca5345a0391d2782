"""A hypervisor host in memory that does as it is told: answers, refuses, hangs, loses answers."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, RLock
from uuid import UUID, uuid4

import msgspec

from adapters.hypervisors.driver import (
    Busy,
    Capability,
    Found,
    Gone,
    OutcomeUnknown,
    Reconfigured,
    Refused,
    Unreachable,
)
from domain.envelope import Envelope
from domain.size import GuestView, Size

SMALL, LARGE = Size(2, 4096), Size(4, 8192)
ENVELOPE = Envelope(floor=Size(1, 1024), ceiling=Size(64, 262144), memory_by="virtio-mem")
_LONGEST_HANG = 60.0


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One call of `reconfigure`, as it came in."""

    server: UUID
    operation: UUID
    to: Size


class ScriptedHost:
    """Implements Driver. ``down``: it does not answer anybody. Safe for threads."""

    def __init__(self) -> None:
        self.down = False
        self.inspecting: Event | None = None
        """Set: `inspect` waits for it."""
        self.inspections = 0
        self.sizes: dict[UUID, Size] = {}
        self.envelope = ENVELOPE
        self.calls: list[Call] = []
        self.effects: list[Call] = []
        self.carried_at_once: list[UUID] = []
        """Operations that were in flight twice at the same time."""
        self._in_flight: list[UUID] = []
        self._told: dict[UUID, list[Behaviour]] = {}
        self._lock = RLock()

    # For tests

    def make(self, size: Size = SMALL) -> UUID:
        server = uuid4()
        self.sizes[server] = size
        return server

    def tell(self, server: UUID, *behaviours: Behaviour) -> None:
        """What it does at the next calls, one each; then it answers again."""
        self._told[server] = list(behaviours)

    def apply(self, call: Call, size: Size) -> None:
        with self._lock:
            if self.sizes[call.server] != size:
                self.effects.append(call)
            self.sizes[call.server] = size

    # The port

    @property
    def capability(self) -> Capability:
        return Capability(
            hypervisor="scripted",
            memory_by=("virtio-mem",),
            sees_guest=True,
            live_and_config_at_once=True,
        )

    def inspect(self, server: UUID) -> Found:
        with self._lock:
            self.inspections += 1
        if self.inspecting:
            assert self.inspecting.wait(_LONGEST_HANG), "nobody released it"
        self._answer_or_raise()
        if server not in self.sizes:
            raise Gone(f"there is no server {server}")
        size = self.sizes[server]
        return Found(
            server=server,
            name=f"vm-{server}",
            state="running",
            allocated=size,
            guest=GuestView(vcpus=size.vcpus, memory_mib=size.memory_mib - 90),
            envelope=self.envelope,
        )

    def inspect_all(self) -> list[Found]:
        return [self.inspect(server) for server in list(self.sizes)]

    def reconfigure(
        self, server: UUID, *, operation: UUID, to: Size, within: float
    ) -> Reconfigured:
        call = Call(server=server, operation=operation, to=to)
        behave = self._begin(call)
        try:
            self._answer_or_raise()
            return behave(self, call)
        finally:
            with self._lock:
                self._in_flight.remove(operation)

    def close(self) -> None:
        """Nothing is held."""

    def _begin(self, call: Call) -> Behaviour:
        with self._lock:
            self.calls.append(call)
            if call.operation in self._in_flight:
                self.carried_at_once.append(call.operation)
            self._in_flight.append(call.operation)
            told = self._told.get(call.server)
            return told.pop(0) if told else answer

    def _answer_or_raise(self) -> None:
        if self.down:
            raise Unreachable("no route to the host")


Behaviour = Callable[[ScriptedHost, Call], Reconfigured]


def answer(host: ScriptedHost, call: Call) -> Reconfigured:
    host.apply(call, call.to)
    return Reconfigured(found=host.inspect(call.server))


def refuse(_host: ScriptedHost, _call: Call) -> Reconfigured:
    raise Refused("the guest does not let go of its memory")


def busy(_host: ScriptedHost, _call: Call) -> Reconfigured:
    raise Busy("a snapshot is being taken")


def unreachable(_host: ScriptedHost, _call: Call) -> Reconfigured:
    raise Unreachable("no route to the host")


def lose_answer(host: ScriptedHost, call: Call) -> Reconfigured:
    """It is done, and nobody is told."""
    host.apply(call, call.to)
    raise OutcomeUnknown("the connection broke while the call was in flight")


def lose_request(_host: ScriptedHost, _call: Call) -> Reconfigured:
    """It is not done, and nobody is told that either."""
    raise OutcomeUnknown("the connection broke while the call was in flight")


def crash(_host: ScriptedHost, _call: Call) -> Reconfigured:
    raise RuntimeError("a bug of the driver")


def memory_only(host: ScriptedHost, call: Call) -> Reconfigured:
    """The memory as asked, the vCPUs as they were."""
    host.apply(call, Size(host.sizes[call.server].vcpus, call.to.memory_mib))
    return Reconfigured(found=host.inspect(call.server), shortfall="the guest kept its\nvCPUs")


class Hang:
    """Hangs until it is released, then does ``then``."""

    def __init__(self, then: Behaviour = answer) -> None:
        self.began = Event()
        self._released = Event()
        self._then = then

    def release(self) -> None:
        self._released.set()

    def __call__(self, host: ScriptedHost, call: Call) -> Reconfigured:
        self.began.set()
        assert self._released.wait(_LONGEST_HANG), "nobody released it"
        return self._then(host, call)
