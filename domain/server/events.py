"""What happens to a server: every fact of its stream."""

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
    """Found on a hypervisor and taken into the books as it was there."""

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
    """It is to be made, for ``user``. ``template`` is the image's, as it was; ``ceiling`` is built
    in. ``described`` is what is said of it beside its name."""

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
    operation: UUID
    size: Size
    power: Power
    guest: GuestView
    envelope: Envelope


class BuildFailed(Event, frozen=True, kw_only=True, tag="server.build-failed"):
    """Nothing is left of it, neither on the host nor in the quota."""

    operation: UUID
    reason: str


class DeleteRequested(Event, frozen=True, kw_only=True, tag="server.delete-requested"):
    operation: UUID
    host: str
    deadline: datetime
    reason: str = ""


class Deleted(Event, frozen=True, kw_only=True, tag="server.deleted"):
    """It is gone. ``operation`` None: somebody else deleted it, and an operator accepted that."""

    operation: UUID | None = None
    reason: str = ""


class DeleteFailed(Event, frozen=True, kw_only=True, tag="server.delete-failed"):
    operation: UUID
    reason: str


class PowerRequested(Event, frozen=True, kw_only=True, tag="server.power-requested"):
    """``power`` is running or stopped."""

    operation: UUID
    host: str
    power: Power
    deadline: datetime
    reason: str = ""


class PowerChanged(Event, frozen=True, kw_only=True, tag="server.power-changed"):
    """``operation`` None: nobody here asked for it. ``counted``: whether cores and ram count
    against the quota from now on."""

    operation: UUID | None = None
    was: Power
    power: Power
    size: Size
    guest: GuestView
    envelope: Envelope
    counted: bool = True


class PowerFailed(Event, frozen=True, kw_only=True, tag="server.power-failed"):
    operation: UUID
    power: Power
    counted: bool = True
    reason: str


class ScaleRequested(Event, frozen=True, kw_only=True, tag="server.scale-requested"):
    """``deadline`` (UTC) is when the operation ends at the latest, whatever is known then.

    ``mode`` is how it goes, never more than the ``consent`` given; ``to_host`` is where it goes
    first if by migration. ``cool_until`` (UTC): no recommendation is followed before. ``resize``:
    it is by another flavor, and has to be confirmed afterwards, unless it ``reverts`` such a one.
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
    """There was no room after all on ``tried``; it goes on by way of ``to_host``."""

    operation: UUID
    host: str
    to_host: str
    to: Size
    deadline: datetime
    tried: tuple[str, ...]
    reason: str


class Migrated(Event, frozen=True, kw_only=True, tag="server.migrated"):
    """It runs on ``host`` now, with the size it had; the scale goes on there."""

    operation: UUID
    was: str
    host: str
    size: Size
    to: Size
    deadline: datetime
    guest: GuestView
    envelope: Envelope


class ScaleConfirmed(Event, frozen=True, kw_only=True, tag="server.scale-confirmed"):
    """Applied. ``seen_by_guest``: whether the guest has followed; None: it does not tell. If it has
    not, ``awaited`` is what it will say when it has."""

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
    """The server has neither its old size nor the one asked for."""

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
    """The server has the size it had. ``refused``: its hypervisor said no to that size."""

    operation: UUID
    to: Size
    size: Size
    reason: str
    refused: bool = False


class OperationCancelled(Event, frozen=True, kw_only=True, tag="server.operation-cancelled"):
    """Before any hypervisor was asked: nothing was changed."""

    operation: UUID
    reason: str = ""


class OutcomeUnknown(Event, frozen=True, kw_only=True, tag="server.outcome-unknown"):
    """The deadline passed and nobody could tell. The larger size stays claimed."""

    operation: UUID
    was: Size
    to: Size
    reason: str


class ReadBackRequested(Event, frozen=True, kw_only=True, tag="server.read-back-requested"):
    """An operator asks the hypervisor what became of an operation of unknown outcome."""

    operation: UUID
    host: str
    was: Size
    to: Size
    deadline: datetime
    to_host: str | None = None


class EnvelopeRead(Event, frozen=True, kw_only=True, tag="server.envelope-read"):
    """What limits its live change is something else now, as after a start, or its guest has what
    was applied before; its size is not another."""

    envelope: Envelope
    guest: GuestView
    seen_by_guest: bool | None = None


class DriftObserved(Event, frozen=True, kw_only=True, tag="server.drift-observed"):
    """Somebody else has changed the server; what it really has is claimed from now on.

    ``drift`` None: it is again as it is in the books.
    """

    was: Size
    host: str
    drift: Drift | None


class DriftAdopted(Event, frozen=True, kw_only=True, tag="server.drift-adopted"):
    """What somebody else did stands in the books now. ``exceeded``: by how much the project is
    above its quota since, per resource."""

    was: Size
    size: Size
    host: str
    counted: bool = True
    exceeded: Amounts = msgspec.field(default_factory=dict)
    reason: str = ""
