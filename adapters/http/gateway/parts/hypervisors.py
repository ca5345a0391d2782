"""Looking at a VM on its hypervisor while a request waits."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from adapters.hypervisors.driver import Found
from adapters.hypervisors.registry import DriverRegistry


class Hypervisors:
    """In threads of their own: hosts that hang must not hold up those who read tables."""

    def __init__(self, drivers: DriverRegistry) -> None:
        self._drivers = drivers
        self._threads = ThreadPoolExecutor(8, thread_name_prefix="inspect")

    def name(self, host: str) -> str:
        """A host's name, of its name or its URI. Raises HostUnknown."""
        return self._drivers.name(host)

    def check_template(self, template: str) -> None:
        """Check that some hypervisor of the region could build from it. Raises DriverRefused."""
        self._drivers.check_template(template)

    async def inspect(self, host: str, server: UUID) -> Found:
        """The server as its hypervisor shows it. Raises HostUnknown, Failure."""
        read = self._drivers.driver(host).inspect
        return await asyncio.get_running_loop().run_in_executor(self._threads, read, server)
