"""Events of a server that no hypervisor is asked about: its description, flags and group."""

from __future__ import annotations

from uuid import UUID

from domain.server.values import Autoscaling, Description
from domain.shared.events import Event
from domain.shared.size import Size


class CeilingDeclared(Event, frozen=True, kw_only=True, tag="server.ceiling-declared"):
    """An operator set the most that the server may have; None: it may not be scaled."""

    was: Size | None
    ceiling: Size | None
    reason: str = ""


class ScalableSet(Event, frozen=True, kw_only=True, tag="server.scalable-set"):
    """The server's own flag was set; region, flavor and image must allow scaling as well."""

    was: bool
    scalable: bool
    reason: str = ""


class AutoscalingSet(Event, frozen=True, kw_only=True, tag="server.autoscaling-set"):
    """The rules for recommendations were set; None: none are taken."""

    was: Autoscaling | None
    autoscaling: Autoscaling | None
    reason: str = ""


class ServerDescribed(Event, frozen=True, kw_only=True, tag="server.described"):
    """Name, description, metadata, addresses or host name were changed. Recorded no more, since
    `DescriptionChanged` holds only what changed."""

    was: Description
    to: Description
    reason: str = ""


class GroupChanged(Event, frozen=True, kw_only=True, tag="server.group-changed"):
    """The server joined a server group; None: it left the one it was in."""

    was: UUID | None
    group: UUID | None
    reason: str = ""


class ZonePinned(Event, frozen=True, kw_only=True, tag="server.zone-pinned"):
    """The server was pinned to ``zone`` for later placements; "": to none."""

    was: str
    zone: str
    reason: str = ""


class ResizeConfirmed(Event, frozen=True, kw_only=True, tag="server.resize-confirmed"):
    """The server keeps its new flavor; what was held for going back is held no more."""

    was: Size
    size: Size
    reason: str = ""
