"""Pinning a server to its zone, so that it stays there whatever host it moves to (Nova)."""

from __future__ import annotations

from dataclasses import dataclass

from domain.server.descriptions import ZonePinned
from domain.server.server import Server
from domain.shared.errors import Refused


@dataclass(eq=False)
class PinnedElsewhere(Refused):
    """The server is pinned to another zone; in Nova's words."""

    pinned: str

    def __str__(self) -> str:
        return (
            "Cannot change pinned availability zone directly. Unpin first by setting "
            "pinned_availability_zone to null."
        )


@dataclass(eq=False)
class NotInZone(Refused):
    """The server is not in the zone that it was to be pinned to; in Nova's words."""

    current: str
    asked: str

    def __str__(self) -> str:
        return (
            f"Server can only be pinned to its current availability zone '{self.current}', "
            f"but '{self.asked}' was requested."
        )


def pinned(server: Server, zone: str, current: str, reason: str = "") -> list[ZonePinned]:
    """Pin the server to ``zone``, or to none (""). ``current``: the zone of its host.

    Returns nothing where it is so already. Raises PinnedElsewhere, NotInZone.
    """
    was = server.spec.zone
    if zone == was:
        return []
    if zone and was:
        raise PinnedElsewhere(pinned=was)
    if zone and zone != current:
        raise NotInZone(current=current, asked=zone)
    return [ZonePinned(was=was, zone=zone, reason=reason)]
