"""The hypervisor hosts of the region, by name, each with its driver."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Lock

from adapters.hypervisors.driver import Driver
from adapters.hypervisors.kvm import Kvm


class HostUnknown(Exception):
    """No such host in the settings. Only what stands there is ever connected to."""

    def __init__(self, host: str, known: list[str]) -> None:
        super().__init__(
            f"There is no host {host!r} in this region; there are: {', '.join(known) or 'none'}."
        )


class DriverRegistry:
    """Drivers are made when they are first asked for, and kept. Safe for threads."""

    def __init__(self, uris: Mapping[str, str], make: Callable[[str], Driver] = Kvm) -> None:
        self._uris = dict(uris)
        self._make = make
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
        """Raises HostUnknown."""
        name = self.name(host)
        with self._lock:
            if name not in self._drivers:
                self._drivers[name] = self._make(self._uris[name])
            return self._drivers[name]

    def close(self) -> None:
        with self._lock:
            for driver in self._drivers.values():
                driver.close()
            self._drivers.clear()
