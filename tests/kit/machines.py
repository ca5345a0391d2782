"""The servers of a hypervisor host in memory: what it records of each, and the room it has."""

from __future__ import annotations

from typing import Literal
from uuid import UUID, uuid4

import msgspec

from adapters.hypervisors.driver import Build, Found, HostFacts
from adapters.hypervisors.failures import Gone, NoCapacity
from domain.shared.envelope import Envelope
from domain.shared.size import GuestView, Size

SMALL, LARGE = Size(2, 4096), Size(4, 8192)
ENVELOPE = Envelope(floor=Size(1, 1024), ceiling=Size(64, 262144), memory_by="virtio-mem")
# Room for whatever a test makes that is not about room.
HUGE = Size(4096, 2**26)

Power = Literal["running", "paused", "stopped"]


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One call that changes a server, as it came in. ``operation``: where the call names one."""

    ask: Literal["reconfigure", "restart", "migrate", "build", "start", "stop", "delete"] = (
        "reconfigure"
    )
    server: UUID
    operation: UUID | None = None
    to: Size = SMALL
    target: Machines | None = None
    """Where it migrates to."""
    wanted: Build | None = None

    @property
    def about(self) -> UUID:
        return self.operation or self.server


class Machines:
    """``capacity``: of memory, servers that run have no more than that together; vCPUs may be
    more. A server without a power of its own runs; one without an envelope has the host's."""

    def __init__(self, capacity: Size = HUGE) -> None:
        self.capacity = capacity
        self.traits: tuple[str, ...] = ()
        self.envelope = ENVELOPE
        self.guest_keeps_mib = 90
        self.sizes: dict[UUID, Size] = {}
        self.powers: dict[UUID, Power] = {}
        self.envelopes: dict[UUID, Envelope] = {}
        self.names: dict[UUID, str] = {}

    def make(self, size: Size = SMALL, power: Power = "running") -> UUID:
        server = uuid4()
        self.sizes[server], self.powers[server] = size, power
        return server

    def facts(self) -> HostFacts:
        return HostFacts(
            vcpus=self.capacity.vcpus,
            memory_mib=self.capacity.memory_mib,
            traits=self.traits,
            hypervisor="scripted 1.0",
        )

    def found(self, server: UUID) -> Found:
        """Raises Gone."""
        if server not in self.sizes:
            raise Gone(f"there is no server {server}")
        size, power = self.sizes[server], self.power(server)
        memory_mib = size.memory_mib - self.guest_keeps_mib
        inside = GuestView(vcpus=size.vcpus, memory_mib=memory_mib)
        return Found(
            server=server,
            name=self.names.get(server, f"vm-{server}"),
            state=power,
            allocated=size,
            guest=inside if power == "running" else GuestView(),
            envelope=self.envelopes.get(server, self.envelope),
        )

    def power(self, server: UUID) -> Power:
        return self.powers.get(server, "running")

    def resize(self, server: UUID, size: Size, power: Power) -> None:
        """Raises Gone, NoCapacity."""
        had = self.found(server)
        grows = had.state == "stopped" or size.memory_mib > had.allocated.memory_mib
        if power != "stopped" and grows:
            self._make_room(server, size)
        self.sizes[server], self.powers[server] = size, power

    def define(self, wanted: Build) -> None:
        """What is there already is started. Raises NoCapacity."""
        server = wanted.server
        self._make_room(server, self.sizes.get(server, wanted.size))
        self.sizes.setdefault(server, wanted.size)
        self.powers[server], self.names[server] = "running", wanted.name
        built = msgspec.structs.replace(ENVELOPE, ceiling=wanted.ceiling)
        self.envelopes.setdefault(server, built)

    def move(self, server: UUID, to: Machines) -> None:
        """What is there already stays there. Raises Gone, NoCapacity."""
        if server not in self.sizes and server in to.sizes:
            return
        found = self.found(server)
        to._make_room(server, found.allocated)
        to.sizes[server], to.powers[server] = found.allocated, found.state
        to.envelopes[server], to.names[server] = found.envelope, found.name
        self.forget(server)

    def do(self, call: Call, size: Size) -> Found:
        """The server as it is then, or as it was deleted. Raises Gone, NoCapacity."""
        server, host = call.server, call.target or self
        match call.ask:
            case "reconfigure":
                self.resize(server, size, self.power(server))
            case "restart":
                self.resize(server, size, "running")
            case "start" | "stop":
                allocated = self.found(server).allocated
                self.resize(server, allocated, "running" if call.ask == "start" else "stopped")
            case "migrate":
                self.move(server, host)
            case "build":
                assert call.wanted
                self.define(call.wanted)
            case "delete":
                found = self.found(server)
                self.forget(server)
                return found
        return host.found(server)

    def forget(self, server: UUID) -> None:
        self.sizes.pop(server, None)
        self.powers.pop(server, None)
        self.envelopes.pop(server, None)
        self.names.pop(server, None)

    def _make_room(self, server: UUID, size: Size) -> None:
        others = (
            other.memory_mib
            for id_, other in self.sizes.items()
            if id_ != server and self.power(id_) != "stopped"
        )
        if sum(others) + size.memory_mib > self.capacity.memory_mib:
            raise NoCapacity("the host has no memory left for it")
