"""Every event of a server that a hypervisor is asked about."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from domain.server.values import Consent, Description, Drift, FlavorTerms, Mode, Power
from domain.shared.envelope import Envelope
from domain.shared.events import Event
from domain.shared.request_spec import RequestSpec
from domain.shared.resources import Amounts
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


class ScaleRequested(Event, frozen=True, kw_only=True, tag="server.scale-requested"):
    """Another size was asked for. ``deadline`` (UTC): the operation ends by then, known or not.

    ``mode``: how it is done, never more than the ``consent`` given; ``to_host``: where the server
    migrates first, if so. ``cool_until`` (UTC): no recommendation is followed before. ``resize``:
    the new flavor, to be confirmed afterwards unless it ``reverts`` a resize.
    """

    operation: UUID
    host: str
    was: Size
    to: Size
    deadline: datetime
    reason: str = ""
    consent: Consent = "live"
    mode: Mode = "live"
    to_host: str | None = None
    cool_until: datetime | None = None
    resize: FlavorTerms | None = None
    reverts: bool = False


class ScaleRetried(Event, frozen=True, kw_only=True, tag="server.scale-retried"):
    """The hosts in ``tried`` had no room after all; the scale goes on by migration to
    ``to_host``."""

    operation: UUID
    host: str
    to_host: str
    to: Size
    deadline: datetime
    tried: tuple[str, ...]
    reason: str


class Migrated(Event, frozen=True, kw_only=True, tag="server.migrated"):
    """The server runs on ``host`` now, with the size it had; the scale goes on there."""

    operation: UUID
    was: str
    host: str
    size: Size
    to: Size
    deadline: datetime
    guest: GuestView
    envelope: Envelope


class ScaleConfirmed(Event, frozen=True, kw_only=True, tag="server.scale-confirmed"):
    """The size was applied and read back.

    ``seen_by_guest``: whether the guest has it too; None: it does not report. If not, ``awaited``
    is what it will report when it has.
    """

    operation: UUID
    was: Size
    size: Size
    guest: GuestView
    envelope: Envelope
    power: Power | None = None
    counted: bool = True
    seen_by_guest: bool | None = None
    awaited: GuestView | None = None


class ScalePartlyApplied(Event, frozen=True, kw_only=True, tag="server.scale-partly-applied"):
    """The server has neither its old size nor the one asked for; ``size`` is what it has."""

    operation: UUID
    was: Size
    to: Size
    size: Size
    guest: GuestView
    envelope: Envelope
    reason: str
    power: Power | None = None
    counted: bool = True


class ScaleFailed(Event, frozen=True, kw_only=True, tag="server.scale-failed"):
    """The server has the size it had. ``refused``: its hypervisor said no to the new one."""

    operation: UUID
    to: Size
    size: Size
    reason: str
    refused: bool = False


class OperationCancelled(Event, frozen=True, kw_only=True, tag="server.operation-cancelled"):
    """The operation was cancelled before any hypervisor was asked: nothing was changed."""

    operation: UUID
    reason: str = ""


class OutcomeUnknown(Event, frozen=True, kw_only=True, tag="server.outcome-unknown"):
    """The deadline passed and the outcome is not known. The larger size stays claimed."""

    operation: UUID
    was: Size
    to: Size
    reason: str


class ReadBackRequested(Event, frozen=True, kw_only=True, tag="server.read-back-requested"):
    """An operator asked for an operation of unknown outcome to be read back."""

    operation: UUID
    host: str
    was: Size
    to: Size
    deadline: datetime
    to_host: str | None = None


class EnvelopeRead(Event, frozen=True, kw_only=True, tag="server.envelope-read"):
    """The limits of live change are different, as after a start, or the guest has followed; the
    size is the same."""

    envelope: Envelope
    guest: GuestView
    seen_by_guest: bool | None = None


class DriftObserved(Event, frozen=True, kw_only=True, tag="server.drift-observed"):
    """The server was changed past this program; what it really has is claimed from now on.

    ``drift`` None: it is as recorded again.
    """

    was: Size
    host: str
    drift: Drift | None


class DriftAdopted(Event, frozen=True, kw_only=True, tag="server.drift-adopted"):
    """An operator took over what was seen. ``exceeded``: by how much the project is above its
    quota, per resource."""

    was: Size
    size: Size
    host: str
    counted: bool = True
    exceeded: Amounts = msgspec.field(default_factory=dict)
    reason: str = ""
