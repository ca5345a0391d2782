"""One KVM host, asked through libvirt."""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID

from adapters.hypervisors.driver import Capability, Found, Reconfigured
from adapters.hypervisors.kvm.change import Change
from adapters.hypervisors.kvm.found import as_found
from adapters.hypervisors.kvm.host import Host
from adapters.hypervisors.kvm.line import Deadline
from adapters.hypervisors.kvm.reconfigure import reconfigure
from domain.size import GuestView, Size

# A hung daemon is given up by keepalive after 8 seconds: what is longer only waits.
_READ_SECONDS = 10.0

_KVM = Capability(
    hypervisor="kvm",
    memory_by=("dimm", "virtio-mem"),
    sees_guest=True,
    live_and_config_at_once=True,
)
_TEST = Capability(
    hypervisor="libvirt-test",
    memory_by=("balloon",),
    sees_guest=False,
    live_and_config_at_once=False,
)


class Kvm:
    """Implements :class:`adapters.hypervisors.driver.Driver` for the host at a libvirt ``uri``.

    Nothing is opened before the first call. ``uri`` may carry a password: it is never told on.
    """

    def __init__(self, uri: str) -> None:
        self._host = Host(uri)
        self._capability = _TEST if urlsplit(uri).scheme.partition("+")[0] == "test" else _KVM

    @property
    def capability(self) -> Capability:
        return self._capability

    def inspect(self, server: UUID) -> Found:
        by = Deadline(_READ_SECONDS)
        now = self._host.read(server, by)
        return as_found(now, self._host.guest(now, by))

    def inspect_all(self) -> list[Found]:
        """vCPUs as the guest sees them are left out: that takes a call to each guest."""
        by = Deadline(_READ_SECONDS)
        readings = self._host.read_all(by)
        views = self._host.guests(by)
        return [as_found(now, views.get(now.live.server, GuestView())) for now in readings]

    def reconfigure(
        self, server: UUID, *, operation: UUID, to: Size, within: float
    ) -> Reconfigured:
        change = Change(self._host, server, Deadline(within))
        return reconfigure(change, operation=operation, to=to)

    def close(self) -> None:
        self._host.close()
