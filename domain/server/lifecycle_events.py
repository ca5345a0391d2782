"""The events of a server that comes, goes, starts and stops."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from domain.server.values import Description, Power
from domain.shared.envelope import Envelope
from domain.shared.events import Event
from domain.shared.request_spec import RequestSpec
from domain.shared.size import GuestView, Size


class ServerAdopted(Event, frozen=True, kw_only=True, tag="server.adopted"):
    """The server was found on a hypervisor and taken over as it was there."""

    project: str
    name: str
    host: str
    size: Size
    envelope: Envelope
    guest: GuestView = GuestView()
    reason: str = ""
    power: Power = "running"
    spec: RequestSpec = RequestSpec()
    counted: bool = True
    user: str = ""


class BuildRequested(Event, frozen=True, kw_only=True, tag="server.build-requested"):
    """The server is to be built for ``user``.

    ``template`` is the image's at this time; ``ceiling`` is fixed when it is built. ``described``:
    its description, if it has more than a name.
    """

    operation: UUID
    project: str
    name: str
    host: str
    size: Size
    ceiling: Size | None
    spec: RequestSpec
    template: str
    deadline: datetime
    reason: str = ""
    user: str = ""
    described: Description | None = None


class Built(Event, frozen=True, kw_only=True, tag="server.built"):
    """The server was built; size, power, guest and envelope as read back."""

    operation: UUID
    size: Size
    power: Power
    guest: GuestView
    envelope: Envelope


class BuildFailed(Event, frozen=True, kw_only=True, tag="server.build-failed"):
    """The build failed; nothing of the server is left on the host or in the quota."""

    operation: UUID
    reason: str


class DeleteRequested(Event, frozen=True, kw_only=True, tag="server.delete-requested"):
    """The server is to be deleted from ``host``."""

    operation: UUID
    host: str
    deadline: datetime
    reason: str = ""


class Deleted(Event, frozen=True, kw_only=True, tag="server.deleted"):
    """The server is gone. ``operation`` None: somebody else deleted it, and an operator accepted
    that."""

    operation: UUID | None = None
    reason: str = ""


class DeleteFailed(Event, frozen=True, kw_only=True, tag="server.delete-failed"):
    """The server could not be deleted and is still there."""

    operation: UUID
    reason: str


class PowerRequested(Event, frozen=True, kw_only=True, tag="server.power-requested"):
    """The server is to be started or stopped: ``power`` is running or stopped."""

    operation: UUID
    host: str
    power: Power
    deadline: datetime
    reason: str = ""


class PowerChanged(Event, frozen=True, kw_only=True, tag="server.power-changed"):
    """The server's power changed. ``operation`` None: nobody here asked for it.

    ``counted``: whether cores and ram count against the quota from now on.
    """

    operation: UUID | None = None
    was: Power
    power: Power
    size: Size
    guest: GuestView
    envelope: Envelope
    counted: bool = True


class PowerFailed(Event, frozen=True, kw_only=True, tag="server.power-failed"):
    """The server could not be started or stopped; ``power`` is what it has."""

    operation: UUID
    power: Power
    counted: bool = True
    reason: str
