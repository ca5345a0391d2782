"""The hypervisor hosts of the region, by name, each with the driver of its address's scheme."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Lock
from urllib.parse import urlsplit

import msgspec

from adapters.hypervisors import kvm
from adapters.hypervisors.driver import Driver
from adapters.hypervisors.failures import DriverRefused
from adapters.settings import SettingsInvalid


class HostUnknown(Exception):
    """No such host in the settings. Only what stands there is ever connected to."""

    def __init__(self, host: str, known: list[str]) -> None:
        super().__init__(
            f"There is no host {host!r} in this region; there are: {', '.join(known) or 'none'}."
        )


class DriverKind(msgspec.Struct, frozen=True):
    """One kind of hypervisor. ``make``: the driver of an address; ``check_template``: raises
    DriverRefused for an image's template of which it could not build."""

    make: Callable[[str], Driver]
    check_template: Callable[[str], object]


_KVM = DriverKind(kvm.Kvm, kvm.check_template)

# By the scheme of an address, up to a transport as in qemu+ssh. Another kind is one line.
KINDS: Mapping[str, DriverKind] = {"qemu": _KVM, "test": _KVM}


class DriverRegistry:
    """Drivers are made when they are first asked for, and kept. Safe for threads."""

    def __init__(
        self, uris: Mapping[str, str], kinds: Mapping[str, DriverKind] | None = None
    ) -> None:
        """``uris``: the address of each host. Raises SettingsInvalid for a scheme of no kind."""
        self._uris = dict(uris)
        kinds = KINDS if kinds is None else kinds
        self._kinds = {host: _kind(host, uri, kinds) for host, uri in self._uris.items()}
        self._drivers: dict[str, Driver] = {}
        self._lock = Lock()

    @property
    def names(self) -> list[str]:
        return sorted(self._uris)

    def name(self, host: str) -> str:
        """The name of a host given by its name or by its URI. Raises HostUnknown."""
        if host in self._uris:
            return host
        for name, uri in self._uris.items():
            if uri == host:
                return name
        raise HostUnknown(host, self.names)

    def driver(self, host: str) -> Driver:
        """The driver of a host of the settings. Raises HostUnknown."""
        name = self.name(host)
        with self._lock:
            if name not in self._drivers:
                self._drivers[name] = self._kinds[name].make(self._uris[name])
            return self._drivers[name]

    def check_template(self, template: str) -> None:
        """A template is of the kind that takes it. Raises DriverRefused with the words of the
        first where none of the region's does; a region without hosts takes any."""
        refusals = []
        for check in dict.fromkeys(kind.check_template for kind in self._kinds.values()):
            try:
                check(template)
            except DriverRefused as e:
                refusals.append(e)
            else:
                return
        if refusals:
            raise refusals[0]

    def close(self) -> None:
        with self._lock:
            for driver in self._drivers.values():
                driver.close()
            self._drivers.clear()


def _kind(host: str, uri: str, kinds: Mapping[str, DriverKind]) -> DriverKind:
    """By the scheme alone, which is told; what follows it may hold a password."""
    scheme = urlsplit(uri).scheme
    if kind := kinds.get(scheme.partition("+")[0]):
        return kind
    known = ", ".join(f"{name}://" for name in sorted(kinds))
    begins = f"{scheme}://" if scheme else "no scheme"
    raise SettingsInvalid(
        f"hosts: the address of {host!r} has {begins}, for which there is no driver;"
        f" there are drivers for {known}"
    )
