"""A hypervisor that does at once what it is asked."""

from __future__ import annotations

from uuid import UUID

from adapters.hypervisors.driver import Capability, Found, Reconfigured
from domain.size import GuestView, Size
from tests.bench.wishes import ENVELOPE


class Instant:
    """Implements :class:`adapters.hypervisors.driver.Driver`; remembers nothing."""

    def __init__(self, uri: str) -> None:
        self._uri = uri

    @property
    def capability(self) -> Capability:
        return Capability(
            hypervisor="instant",
            memory_by=("balloon",),
            sees_guest=False,
            live_and_config_at_once=True,
        )

    def inspect(self, server: UUID) -> Found:
        return _found(server, Size(1, 512))

    def inspect_all(self) -> list[Found]:
        return []

    def reconfigure(
        self, server: UUID, *, operation: UUID, to: Size, within: float
    ) -> Reconfigured:
        return Reconfigured(found=_found(server, to))

    def close(self) -> None:
        pass


def _found(server: UUID, size: Size) -> Found:
    return Found(
        server=server,
        name=str(server),
        state="running",
        allocated=size,
        guest=GuestView(),
        envelope=ENVELOPE,
    )
