"""What people say of a server: facts about which no hypervisor is asked."""

from __future__ import annotations

from uuid import UUID

from domain.server.values import Autoscaling, Description
from domain.shared.events import Event
from domain.shared.size import Size


class CeilingDeclared(Event, frozen=True, kw_only=True, tag="server.ceiling-declared"):
    """The most the server may have; None: it may not be scaled."""

    was: Size | None
    ceiling: Size | None
    reason: str = ""


class ScalableSet(Event, frozen=True, kw_only=True, tag="server.scalable-set"):
    """The server's own flag; it may be scaled only if region, flavor and image allow it too."""

    was: bool
    scalable: bool
    reason: str = ""


class AutoscalingSet(Event, frozen=True, kw_only=True, tag="server.autoscaling-set"):
    """The rules for recommendations; None: none are taken."""

    was: Autoscaling | None
    autoscaling: Autoscaling | None
    reason: str = ""


class ServerDescribed(Event, frozen=True, kw_only=True, tag="server.described"):
    was: Description
    to: Description
    reason: str = ""


class GroupChanged(Event, frozen=True, kw_only=True, tag="server.group-changed"):
    """It has joined a server group, or left it: None."""

    was: UUID | None
    group: UUID | None
    reason: str = ""


class ZonePinned(Event, frozen=True, kw_only=True, tag="server.zone-pinned"):
    """Later placements keep it in that zone; "": in none."""

    was: str
    zone: str
    reason: str = ""


class ResizeConfirmed(Event, frozen=True, kw_only=True, tag="server.resize-confirmed"):
    """It keeps its new flavor: what was held so that it could go back is held no more."""

    was: Size
    size: Size
    reason: str = ""
