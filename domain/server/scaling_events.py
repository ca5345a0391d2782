"""The events of a server's scale, from its request to its outcome."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from domain.server.values import Consent, FlavorTerms, Mode, Power
from domain.shared.envelope import Envelope
from domain.shared.events import Event
from domain.shared.size import GuestView, Size


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
    """The deadline passed and the outcome is not known. The larger size stays claimed.

    The server is read back on its ``host``, or on ``to_host`` where it may have migrated, until its
    hypervisor tells; "": nobody reads it back, as in facts of before that was done.
    """

    operation: UUID
    was: Size
    to: Size
    reason: str
    host: str = ""
    to_host: str | None = None


class ReadBackRequested(Event, frozen=True, kw_only=True, tag="server.read-back-requested"):
    """An operator asked for an operation of unknown outcome to be read back."""

    operation: UUID
    host: str
    was: Size
    to: Size
    deadline: datetime
    to_host: str | None = None
