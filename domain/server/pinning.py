"""In which zone a server has to stay, whatever host it moves to (as Nova's pinned zone)."""

from __future__ import annotations

from dataclasses import dataclass

from domain.server.descriptions import ZonePinned
from domain.server.server import Server
from domain.shared.errors import Refused


@dataclass(eq=False)
class PinnedElsewhere(Refused):
    """Nova's words."""

    pinned: str

    def __str__(self) -> str:
        return (
            "Cannot change pinned availability zone directly. Unpin first by setting "
            "pinned_availability_zone to null."
        )


@dataclass(eq=False)
class NotInZone(Refused):
    """Nova's words."""

    current: str
    asked: str

    def __str__(self) -> str:
        return (
            f"Server can only be pinned to its current availability zone '{self.current}', "
            f"but '{self.asked}' was requested."
        )


def pinned(server: Server, zone: str, current: str, reason: str = "") -> list[ZonePinned]:
    """``zone`` "": to none. ``current``: that of its host. Nothing where it is so already.

    Raises PinnedElsewhere, NotInZone.
    """
    was = server.spec.zone
    if zone == was:
        return []
    if zone and was:
        raise PinnedElsewhere(pinned=was)
    if zone and zone != current:
        raise NotInZone(current=current, asked=zone)
    return [ZonePinned(was=was, zone=zone, reason=reason)]
