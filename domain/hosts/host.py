"""A hypervisor host: its capacity, how much of it may be promised, and what its servers hold."""

from __future__ import annotations

from typing import ClassVar, Self, assert_never
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.shared.events import Event
from domain.shared.size import Size

NONE = Size(0, 0)


class Terms(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How much of a host the operator lets be promised. Names and defaults are Nova's.

    ``reserved_host_memory_mb`` (MiB) is kept for the host itself. ``traits`` are added to those
    that the hypervisor reports. A host that is not ``enabled`` takes no more servers.
    """

    pool: str = "default"
    zone: str = "nova"
    cpu_allocation_ratio: float = 4.0
    ram_allocation_ratio: float = 1.0
    reserved_host_memory_mb: int = 512
    traits: tuple[str, ...] = ()
    enabled: bool = True


class HostEnlisted(Event, frozen=True, kw_only=True, tag="host.enlisted"):
    """A host of the settings was entered. ``used``: what servers held on it before."""

    host: str
    terms: Terms
    used: Size


class HostRead(Event, frozen=True, kw_only=True, tag="host.read"):
    """What the hypervisor reports: physical CPUs and memory (MiB), traits, and its own name."""

    host: str
    capacity: Size
    traits: tuple[str, ...]
    hypervisor: str


class HostTermsChanged(Event, frozen=True, kw_only=True, tag="host.terms-changed"):
    """The host's terms were changed, all of them given: as they were and as they are."""

    host: str
    was: Terms
    terms: Terms
    reason: str = ""


class CapacityClaimed(Event, frozen=True, kw_only=True, tag="host.capacity-claimed"):
    """A server holds ``amounts`` more of the host; ``used`` is what all servers hold now."""

    host: str
    server: UUID
    amounts: Size
    used: Size
    operation: UUID | None = None


class CapacityReleased(Event, frozen=True, kw_only=True, tag="host.capacity-released"):
    """A server holds ``amounts`` less of the host; ``used`` is what all servers hold now."""

    host: str
    server: UUID
    amounts: Size
    used: Size
    operation: UUID | None = None


HostEvent = HostEnlisted | HostRead | HostTermsChanged | CapacityClaimed | CapacityReleased


class Host(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A host as its events have made it.

    ``capacity`` None: its hypervisor has not reported yet, so nothing is placed there.
    """

    category: ClassVar[str] = "host"
    snapshot_format: ClassVar[int] = 1
    deleted: ClassVar[bool] = False
    is_over: ClassVar[bool] = False

    terms: Terms = Terms()
    capacity: Size | None = None
    reported_traits: tuple[str, ...] = msgspec.field(default=(), name="told_traits")
    hypervisor: str = ""
    used: Size = NONE
    enlisted: bool = False

    # Questions

    @property
    def limit(self) -> Size | None:
        """All that may be promised: capacity times overcommit; None: capacity not known."""
        if self.capacity is None:
            return None
        memory = max(0, self.capacity.memory_mib - self.terms.reserved_host_memory_mb)
        return Size(
            int(self.capacity.vcpus * self.terms.cpu_allocation_ratio),
            int(memory * self.terms.ram_allocation_ratio),
        )

    @property
    def traits(self) -> frozenset[str]:
        """The traits that the hypervisor reports, and those that the operator added."""
        return frozenset(self.reported_traits + self.terms.traits)

    def lacks(self, more: Size) -> Size:
        """How much is missing for ``more``, in each dimension in which more is asked."""
        if (limit := self.limit) is None:
            return NONE
        left = Size(limit.vcpus - self.used.vcpus, limit.memory_mib - self.used.memory_mib)
        return Size(
            max(0, more.vcpus - left.vcpus) if more.vcpus > 0 else 0,
            max(0, more.memory_mib - left.memory_mib) if more.memory_mib > 0 else 0,
        )

    # Decisions: what may happen next

    def settle(
        self, host: str, *, was: Size, now: Size, server: UUID, operation: UUID | None
    ) -> list[CapacityClaimed | CapacityReleased]:
        """Record that what ``server`` holds here went from ``was`` to ``now``.

        Never refused: whoever asks for more has looked for room, and what runs already needs none.
        """
        more = Size(max(0, now.vcpus - was.vcpus), max(0, now.memory_mib - was.memory_mib))
        less = Size(max(0, was.vcpus - now.vcpus), max(0, was.memory_mib - now.memory_mib))
        used = self.used
        events: list[CapacityClaimed | CapacityReleased] = []
        if more != NONE:
            used = Size(used.vcpus + more.vcpus, used.memory_mib + more.memory_mib)
            events.append(
                CapacityClaimed(
                    host=host, server=server, operation=operation, amounts=more, used=used
                )
            )
        if less != NONE:
            used = Size(used.vcpus - less.vcpus, used.memory_mib - less.memory_mib)
            events.append(
                CapacityReleased(
                    host=host, server=server, operation=operation, amounts=less, used=used
                )
            )
        return events

    @classmethod
    def begin(cls, event: HostEvent) -> Self:
        """The host after its first event."""
        return cls().after(event)

    def after(self, event: HostEvent) -> Self:
        """The host after one more event."""
        match event:
            case HostEnlisted(terms=terms, used=used):
                return replace(self, terms=terms, used=used, enlisted=True)
            case HostRead():
                return replace(
                    self,
                    capacity=event.capacity,
                    reported_traits=event.traits,
                    hypervisor=event.hypervisor,
                )
            case HostTermsChanged(terms=terms):
                return replace(self, terms=terms)
            case CapacityClaimed(used=used) | CapacityReleased(used=used):
                return replace(self, used=used)
            case never:
                assert_never(never)
