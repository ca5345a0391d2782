"""The size of a server: vCPUs and memory."""

from __future__ import annotations

import msgspec


class Size(msgspec.Struct, frozen=True, gc=False):
    """vCPUs, and memory in MiB; compared and added component by component."""

    vcpus: int
    memory_mib: int

    def fits(self, limit: Size) -> bool:
        """Whether it is not above ``limit`` in either component."""
        return self.vcpus <= limit.vcpus and self.memory_mib <= limit.memory_mib

    def max_with(self, other: Size) -> Size:
        """The larger of the two in each component."""
        return Size(max(self.vcpus, other.vcpus), max(self.memory_mib, other.memory_mib))

    def min_with(self, other: Size) -> Size:
        """The smaller of the two in each component."""
        return Size(min(self.vcpus, other.vcpus), min(self.memory_mib, other.memory_mib))

    def plus(self, other: Size) -> Size:
        """The sum, component by component."""
        return Size(self.vcpus + other.vcpus, self.memory_mib + other.memory_mib)

    def __str__(self) -> str:
        return f"{self.vcpus} vCPU{'s' if self.vcpus != 1 else ''} / {self.memory_mib} MiB"


class GuestView(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What the guest itself reports: online vCPUs, memory in MiB; None: it does not say.

    The memory is what the guest's kernel can use, a little less than what is allocated.
    """

    vcpus: int | None = None
    memory_mib: int | None = None
