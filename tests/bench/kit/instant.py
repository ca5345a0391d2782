"""A hypervisor that does at once what it is asked."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from adapters.hypervisors.driver import (
    Build,
    Driver,
    Found,
    HostFacts,
    Reconfigured,
)
from domain.shared.size import GuestView, Size
from tests.bench.kit.workload import ENVELOPE, ROOM


class Instant:
    """Implements :class:`adapters.hypervisors.driver.Driver`; remembers nothing."""

    def __init__(self, uri: str) -> None:
        self._uri = uri

    def inspect(self, server: UUID) -> Found:
        return _found(server, Size(1, 512))

    def inspect_all(self) -> list[Found]:
        return []

    def reconfigure(
        self, server: UUID, *, operation: UUID, to: Size, within: float
    ) -> Reconfigured:
        return Reconfigured(found=_found(server, to))

    def restart(self, server: UUID, *, operation: UUID, to: Size, within: float) -> Reconfigured:
        return Reconfigured(found=_found(server, to))

    def migrate(self, server: UUID, to: Driver, *, operation: UUID, within: float) -> Found:
        return to.inspect(server)

    def build(self, wanted: Build, *, within: float) -> Found:
        return _found(wanted.server, wanted.size)

    def start(self, server: UUID, *, within: float) -> Found:
        return self.inspect(server)

    def stop(self, server: UUID, *, within: float) -> Found:
        return self.inspect(server)

    def delete(self, server: UUID, *, within: float) -> None:
        pass

    def read_host(self) -> HostFacts:
        return HostFacts(vcpus=ROOM.vcpus, memory_mib=ROOM.memory_mib)

    def watch(self, changed: Callable[[UUID], None]) -> Callable[[], None]:
        return lambda: None

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
