"""What a hypervisor is asked, and what it answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, Protocol
from uuid import UUID

import msgspec

from domain.shared.envelope import Envelope, MemoryBy
from domain.shared.size import GuestView, Size


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """One server as its hypervisor records it, and as its guest sees itself."""

    server: UUID
    name: str
    state: Literal["running", "paused", "stopped"]
    allocated: Size
    guest: GuestView
    envelope: Envelope


class HostFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a hypervisor host has, as it says itself. Memory in MiB.

    ``traits`` are names of OpenStack's os-traits, where there is one for what the host can do.
    """

    vcpus: int
    memory_mib: int
    traits: tuple[str, ...] = ()
    hypervisor: str = ""


class Build(msgspec.Struct, frozen=True, kw_only=True):
    """A server that is to be made: its size now, and the most it shall reach without a restart.

    ``template`` is the image's, in the hypervisor's own language (libvirt: a domain's XML). Name,
    id, vCPUs, memory and whatever lets it be scaled later are put in by the driver.
    """

    server: UUID
    name: str
    size: Size
    ceiling: Size
    template: str
    memory_by: MemoryBy = "dimm"


class Reconfigured(msgspec.Struct, frozen=True, kw_only=True):
    """The server as read back after the call, and why it is not as asked, where it is not."""

    found: Found
    shortfall: str | None = None


class Driver(Protocol):
    """One hypervisor host. Every call may be repeated: sizes are absolute."""

    def inspect(self, server: UUID) -> Found:
        """Read one server. Raises Gone, Unreachable."""

    def inspect_all(self) -> list[Found]:
        """Read every server of the host in one call that no hung server can hold up."""

    def reconfigure(
        self, server: UUID, *, operation: UUID, to: Size, within: float
    ) -> Reconfigured:
        """Bring ``server`` to the size ``to``, memory first, and read it back.

        Idempotent: a server that already has the size is only read. ``operation`` marks what was
        done for it, so that a repetition after a lost answer does nothing twice. Gives up after
        ``within`` seconds with DriverOutcomeUnknown if anything was sent, Unreachable otherwise.
        A stopped server takes any size, up and down, in what its next start will have.
        Raises DriverRefused (nothing changed), DriverUnavailable (nothing sent),
        DriverOutcomeUnknown.
        """

    def restart(self, server: UUID, *, operation: UUID, to: Size, within: float) -> Reconfigured:
        """Stop ``server``, give it the size ``to``, start it, and read it back.

        Idempotent: a running server of this size is only read; one that an earlier attempt left
        stopped is started. Raises as `reconfigure`.
        """

    def migrate(self, server: UUID, to: Driver, *, operation: UUID, within: float) -> Found:
        """Move a running server to another host of the same kind, live; read it there.

        Idempotent: a server that runs there already is only read. After a refusal it runs here as
        before, and nothing of it is left there. Raises DriverRefused, NoCapacity (there is no room
        there), DriverUnavailable, DriverOutcomeUnknown.
        """

    def build(self, wanted: Build, *, within: float) -> Found:
        """Define and start a server, and read it. Idempotent: what is there already is started.

        After a refusal nothing is left. Raises DriverRefused, NoCapacity, DriverUnavailable,
        DriverOutcomeUnknown.
        """

    def start(self, server: UUID, *, within: float) -> Found:
        """Start a stopped server and read it. Idempotent: a running one is only read.

        Raises DriverRefused, NoCapacity, DriverUnavailable, DriverOutcomeUnknown.
        """

    def stop(self, server: UUID, *, within: float) -> Found:
        """Ask the guest to shut down; after a grace of a third of ``within`` cut its power.

        Raises DriverRefused, DriverUnavailable, DriverOutcomeUnknown.
        """

    def delete(self, server: UUID, *, within: float) -> None:
        """Stop it and remove its definition. One that is not there is deleted already.

        Raises DriverRefused, DriverUnavailable, DriverOutcomeUnknown.
        """

    def read_host(self) -> HostFacts:
        """What the host has. Raises DriverUnavailable."""

    def watch(self, changed: Callable[[UUID], None]) -> Callable[[], None]:
        """Call ``changed``, in any thread, with each server of which something may have changed
        here, whoever changed it; until the returned function is called. Raises DriverUnavailable.

        A hint: events may be lost with a connection, so that a sweep is needed all the same.
        """

    def close(self) -> None:
        """Close the connection; nothing is asked of the driver afterwards."""
