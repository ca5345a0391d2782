"""One KVM host, asked through libvirt."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from adapters.hypervisors.driver import Build, Driver, Found, HostFacts, Reconfigured
from adapters.hypervisors.failures import DriverRefused
from adapters.hypervisors.kvm.changes.build import build
from adapters.hypervisors.kvm.changes.change import DomainChange
from adapters.hypervisors.kvm.changes.delete import delete
from adapters.hypervisors.kvm.changes.migrate import migrate
from adapters.hypervisors.kvm.changes.power import start, stop
from adapters.hypervisors.kvm.changes.reconfigure import reconfigure
from adapters.hypervisors.kvm.changes.restart import restart
from adapters.hypervisors.kvm.definition import facts
from adapters.hypervisors.kvm.definition.found import as_found
from adapters.hypervisors.kvm.definition.reading import Reading
from adapters.hypervisors.kvm.link.address import address
from adapters.hypervisors.kvm.link.host import HostLink
from adapters.hypervisors.kvm.link.line import Deadline
from adapters.hypervisors.kvm.link.watch import EventWatch
from domain.shared.size import GuestView, Size

# A hung daemon is given up by keepalive after 8 seconds: what is longer only waits.
_READ_SECONDS = 10.0


class Kvm:
    """Implements :class:`adapters.hypervisors.driver.Driver` for the host at a libvirt ``uri``.

    Nothing is opened before the first call. ``uri`` may carry a password: it is never told on.
    Its query may carry ``migrate_uri=``, where servers that move to this host shall connect to,
    as ``tcp://10.0.0.7``; without it they take the name that the host has for itself.
    """

    def __init__(self, uri: str) -> None:
        self.address = address(uri)
        self.host = HostLink(self.address.uri)

    def inspect(self, server: UUID) -> Found:
        by = Deadline(_READ_SECONDS)
        now = self.host.read(server, by)
        return as_found(now, self.host.guest(now, by))

    def inspect_all(self) -> list[Found]:
        """vCPUs as the guest sees them are left out: that takes a call to each guest."""
        by = Deadline(_READ_SECONDS)
        readings = self.host.read_all(by)
        views = self.host.guests(by)
        return [as_found(now, views.get(now.live.server, GuestView())) for now in readings]

    def reconfigure(
        self, server: UUID, *, operation: UUID, to: Size, within: float
    ) -> Reconfigured:
        change = DomainChange(self.host, server, Deadline(within))
        return reconfigure(change, operation=operation, to=to)

    def restart(self, server: UUID, *, operation: UUID, to: Size, within: float) -> Reconfigured:
        change = DomainChange(self.host, server, Deadline(within))
        return restart(change, operation=operation, to=to, grace=within / 3)

    def migrate(
        self,
        server: UUID,
        to: Driver,
        *,
        operation: UUID,  # noqa: ARG002 (it needs no mark: a server is at one place only)
        within: float,
    ) -> Found:
        if not isinstance(to, Kvm):
            raise DriverRefused("a server moves live between hosts of the same kind only")
        if to.address.uri == self.address.uri:
            return self.inspect(server)
        by = Deadline(within)
        here, there = DomainChange(self.host, server, by), DomainChange(to.host, server, by)
        return self._found(there, migrate(here, there, to.address))

    def build(self, wanted: Build, *, within: float) -> Found:
        change = DomainChange(self.host, wanted.server, Deadline(within))
        return self._found(change, build(change, wanted))

    def start(self, server: UUID, *, within: float) -> Found:
        change = DomainChange(self.host, server, Deadline(within))
        return self._found(change, start(change))

    def stop(self, server: UUID, *, within: float) -> Found:
        change = DomainChange(self.host, server, Deadline(within))
        return self._found(change, stop(change, grace=within / 3))

    def delete(self, server: UUID, *, within: float) -> None:
        delete(DomainChange(self.host, server, Deadline(within)))

    def read_host(self) -> HostFacts:
        return self.host.ask_host(facts.read, Deadline(_READ_SECONDS))

    def watch(self, changed: Callable[[UUID], None]) -> Callable[[], None]:
        """Of a host that was lost and comes back, every server is told."""
        watch = EventWatch(self.address.uri, changed)
        watch.start(_READ_SECONDS)
        return watch.stop

    @staticmethod
    def _found(change: DomainChange, now: Reading) -> Found:
        return as_found(now, change.guest(now))

    def close(self) -> None:
        self.host.close()
