"""A hypervisor host in memory that does as it is told: answers, refuses, hangs, loses answers."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, RLock
from uuid import UUID

from adapters.hypervisors.driver import Build, Driver, Found, HostFacts, Reconfigured
from adapters.hypervisors.failures import (
    Busy,
    DriverOutcomeUnknown,
    DriverRefused,
    NoCapacity,
    Unreachable,
)
from domain.shared.envelope import Envelope
from domain.shared.size import Size
from tests.kit.machines import ENVELOPE, HUGE, LARGE, SMALL, Call, Machines, Power

__all__ = ["ENVELOPE", "LARGE", "SMALL", "Call", "Power"]

_LONGEST_HANG = 60.0


class ScriptedHost(Machines):
    """Implements Driver. ``down``: it does not answer anybody, and its events are lost. Safe for
    threads."""

    def __init__(self, capacity: Size = HUGE) -> None:
        super().__init__(capacity)
        self.down = False
        self.inspecting: Event | None = None
        """Set: `inspect` waits for it."""
        self.inspections = 0
        self.sweeping: Event | None = None
        """Set: `inspect_all` waits for it when it has read."""
        self.sweeps = 0
        """How often all of it was read."""
        self.calls: list[Call] = []
        self.effects: list[Call] = []
        self.carried_at_once: list[UUID] = []
        """Operations that were in flight twice at the same time."""
        self._in_flight: list[UUID] = []
        self._told: dict[UUID, list[Behaviour]] = {}
        self._watchers: list[Callable[[UUID], None]] = []
        self._lock = RLock()

    # For tests

    def tell(self, server: UUID, *behaviours: Behaviour) -> None:
        """What it does at the next calls about it, one each; then it answers again."""
        self._told[server] = list(behaviours)

    def apply(self, call: Call, size: Size) -> Found:
        """What the call does, with this size. The server as it is then, or as it was deleted."""
        with self._lock:
            before = (self.sizes.get(call.server), self.powers.get(call.server))
            found = self.do(call, size)
            if (self.sizes.get(call.server), self.powers.get(call.server)) != before:
                self.effects.append(call)
        self.happened(call.server)
        if isinstance(call.target, ScriptedHost):
            call.target.happened(call.server)
        return found

    def happened(self, server: UUID) -> None:
        """Its event, which nobody hears while the host is down."""
        for changed in [] if self.down else list(self._watchers):
            changed(server)

    @property
    def watchers(self) -> int:
        return len(self._watchers)

    # What somebody else does to it

    def somebody_resizes(self, server: UUID, size: Size) -> None:
        self.resize(server, size, self.power(server))
        self.happened(server)

    def somebody_powers(self, server: UUID, power: Power) -> None:
        self.resize(server, self.sizes[server], power)
        self.happened(server)

    def somebody_restarts(self, server: UUID, envelope: Envelope) -> None:
        """It runs again, within other limits."""
        self.envelopes[server] = envelope
        self.happened(server)

    def somebody_moves(self, server: UUID, to: ScriptedHost) -> None:
        self.move(server, to)
        self.happened(server)
        to.happened(server)

    def somebody_deletes(self, server: UUID) -> None:
        self.forget(server)
        self.happened(server)

    # The port

    def inspect(self, server: UUID) -> Found:
        with self._lock:
            self.inspections += 1
        if self.inspecting:
            assert self.inspecting.wait(_LONGEST_HANG), "nobody released it"
        self._answer_or_raise()
        with self._lock:
            return self.found(server)

    def inspect_all(self) -> list[Found]:
        self._answer_or_raise()
        with self._lock:
            self.sweeps += 1
            found = [self.found(server) for server in self.sizes]
        if self.sweeping:
            assert self.sweeping.wait(_LONGEST_HANG), "nobody released it"
        return found

    def reconfigure(
        self, server: UUID, *, operation: UUID, to: Size, within: float
    ) -> Reconfigured:
        return self._carry(Call(server=server, operation=operation, to=to))

    def restart(self, server: UUID, *, operation: UUID, to: Size, within: float) -> Reconfigured:
        return self._carry(Call(ask="restart", server=server, operation=operation, to=to))

    def migrate(self, server: UUID, to: Driver, *, operation: UUID, within: float) -> Found:
        assert isinstance(to, ScriptedHost)
        call = Call(ask="migrate", server=server, operation=operation, target=to)
        return self._carry(call).found

    def build(self, wanted: Build, *, within: float) -> Found:
        call = Call(ask="build", server=wanted.server, to=wanted.size, wanted=wanted)
        return self._carry(call).found

    def start(self, server: UUID, *, within: float) -> Found:
        return self._carry(Call(ask="start", server=server)).found

    def stop(self, server: UUID, *, within: float) -> Found:
        return self._carry(Call(ask="stop", server=server)).found

    def delete(self, server: UUID, *, within: float) -> None:
        self._answer_or_raise()
        if server in self.sizes:
            self._carry(Call(ask="delete", server=server))

    def read_host(self) -> HostFacts:
        self._answer_or_raise()
        return self.facts()

    def watch(self, changed: Callable[[UUID], None]) -> Callable[[], None]:
        self._answer_or_raise()
        self._watchers.append(changed)
        return lambda: self._watchers.remove(changed)

    def close(self) -> None:
        """Nothing is held."""

    def _carry(self, call: Call) -> Reconfigured:
        behave = self._begin(call)
        try:
            self._answer_or_raise()
            return behave(self, call)
        finally:
            with self._lock:
                self._in_flight.remove(call.about)

    def _begin(self, call: Call) -> Behaviour:
        with self._lock:
            self.calls.append(call)
            if call.about in self._in_flight:
                self.carried_at_once.append(call.about)
            self._in_flight.append(call.about)
            told = self._told.get(call.server)
            return told.pop(0) if told else answer

    def _answer_or_raise(self) -> None:
        if self.down:
            raise Unreachable("no route to the host")


Behaviour = Callable[[ScriptedHost, Call], Reconfigured]


def answer(host: ScriptedHost, call: Call) -> Reconfigured:
    return Reconfigured(found=host.apply(call, call.to))


def refuse(_host: ScriptedHost, _call: Call) -> Reconfigured:
    raise DriverRefused("the guest does not let go of its memory")


def no_room(_host: ScriptedHost, _call: Call) -> Reconfigured:
    raise NoCapacity("cannot allocate memory")


def busy(_host: ScriptedHost, _call: Call) -> Reconfigured:
    raise Busy("a snapshot is being taken")


def unreachable(_host: ScriptedHost, _call: Call) -> Reconfigured:
    raise Unreachable("no route to the host")


def lose_answer(host: ScriptedHost, call: Call) -> Reconfigured:
    """It is done, and nobody is told."""
    host.apply(call, call.to)
    raise DriverOutcomeUnknown("the connection broke while the call was in flight")


def lose_request(_host: ScriptedHost, _call: Call) -> Reconfigured:
    """It is not done, and nobody is told that either."""
    raise DriverOutcomeUnknown("the connection broke while the call was in flight")


def crash(_host: ScriptedHost, _call: Call) -> Reconfigured:
    raise RuntimeError("a bug of the driver")


def memory_only(host: ScriptedHost, call: Call) -> Reconfigured:
    """The memory as asked, the vCPUs as they were."""
    found = host.apply(call, Size(host.sizes[call.server].vcpus, call.to.memory_mib))
    return Reconfigured(found=found, shortfall="the guest kept its\nvCPUs")


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
