"""Whether a guest has followed a change of its server's size, as far as it tells."""

from __future__ import annotations

from domain.server.server import Server
from domain.server.values import Seen
from domain.shared.size import GuestView

# Of what a guest is given it keeps this much for its own tables, at the most.
_KEPT_MIB, _KEPT_PART = 16, 8


def followed(server: Server, seen: Seen) -> bool | None:
    """Whether the guest has the change, as far as it reports; None: it reports nothing of it.

    A guest keeps some memory for itself, so only differences are compared.
    """
    told: list[bool] = []
    if seen.size.vcpus != server.size.vcpus and seen.guest.vcpus is not None:
        told.append(seen.guest.vcpus == seen.size.vcpus)
    moved = seen.size.memory_mib - server.size.memory_mib
    if moved and None not in {seen.guest.memory_mib, server.guest.memory_mib}:
        gained = (seen.guest.memory_mib or 0) - (server.guest.memory_mib or 0)
        told.append(abs(gained - moved) <= max(_KEPT_MIB, abs(moved) // _KEPT_PART))
    return all(told) if told else None


def awaited(server: Server, seen: Seen) -> GuestView:
    """What the guest will report once it has the change; None for what it does not report."""
    had, has = server.guest.memory_mib, seen.guest.memory_mib
    kept = None if had is None or has is None else server.size.memory_mib - had
    return GuestView(
        vcpus=None if seen.guest.vcpus is None else seen.size.vcpus,
        memory_mib=None if kept is None else seen.size.memory_mib - kept,
    )


def has_followed(guest: GuestView, awaited: GuestView, moved_mib: int) -> bool:
    """Whether the guest has what was awaited, after memory changed by ``moved_mib`` MiB."""
    vcpus = awaited.vcpus is None or guest.vcpus == awaited.vcpus
    if awaited.memory_mib is None:
        return vcpus
    off = abs((guest.memory_mib or 0) - awaited.memory_mib)
    return vcpus and off <= max(_KEPT_MIB, abs(moved_mib) // _KEPT_PART)
