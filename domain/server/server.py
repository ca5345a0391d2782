"""A server as it stands: what it has, what it holds, what is being done to it."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self, assert_never
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.envelope import Envelope
from domain.request_spec import RequestSpec, limited
from domain.resources import NOTHING, Amounts, held
from domain.server.events import (
    AutoscalingSet,
    BuildFailed,
    BuildRequested,
    Built,
    CeilingDeclared,
    Deleted,
    DeleteFailed,
    DeleteRequested,
    DriftAdopted,
    DriftObserved,
    EnvelopeRead,
    Migrated,
    OperationCancelled,
    OutcomeUnknown,
    PowerChanged,
    PowerFailed,
    PowerRequested,
    ReadBackRequested,
    ScalableSet,
    ScaleConfirmed,
    ScaleFailed,
    ScalePartlyApplied,
    ScaleRequested,
    ScaleRetried,
    ServerAdopted,
)
from domain.server.kinds import ServerBeginning, ServerChange, ServerEnding
from domain.server.words import Autoscaling, Drift, FailedTo, Operation, OperationKind, Power
from domain.size import GuestView, Size

_UNREAD = Envelope(floor=Size(1, 1), ceiling=Size(1, 1), memory_by="none")


class Server(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """``size`` is what the hypervisor allocates, as it was last read back.

    Three numbers: requested is ``spec.size``, allocated ``size``, actual ``guest``. ``counted``:
    whether cores and ram count against the quota, as of the last change of power.
    """

    category: ClassVar[str] = "server"
    snapshot_format: ClassVar[int] = 2

    project: str
    name: str
    host: str
    size: Size
    envelope: Envelope
    guest: GuestView = GuestView()
    ceiling: Size | None = None
    operation: Operation | None = None
    spec: RequestSpec = RequestSpec()
    power: Power = "running"
    scalable: bool = True
    counted: bool = True
    autoscaling: Autoscaling | None = None
    cool_until: datetime | None = None
    drift: Drift | None = None
    failed: FailedTo | None = None
    seen_by_guest: bool | None = None
    awaited: GuestView | None = None

    # Questions

    def works_on(self, operation: UUID) -> bool:
        """Whether this operation's outcome is still to be told."""
        return self.operation is not None and self.operation.id == operation

    @property
    def requested(self) -> Size:
        """What is asked for now, or was last."""
        return self.operation.to if self.operation else self.spec.size or self.size

    def claimed(self) -> Amounts:
        """What the project holds for this server: the largest of what it has, what it is being
        brought to, and what was seen on its hypervisor."""
        if self.power == "gone":
            return NOTHING
        amounts = held(self._largest())
        return amounts if self._counts() else {**NOTHING, "instances": amounts["instances"]}

    def placed(self) -> dict[str, Size]:
        """What each host holds for this server. A stopped server keeps its place."""
        if self.power == "gone":
            return {}
        size = self._largest()
        places = {self.host: size}
        if self.operation and self.operation.to_host:
            # Until it has left, it needs no more here than it has.
            places[self.host] = self._present()
            places[self.operation.to_host] = size
        if self.drift and self.drift.seen:
            places.setdefault(self.drift.seen.host, self.drift.seen.size)
        return places

    def _counts(self) -> bool:
        """One that somebody else has started is taken as running, whatever else they did to it."""
        seen = self.drift.seen if self.drift else None
        return self.counted or (seen is not None and seen.power != "stopped")

    def _present(self) -> Size:
        seen = self.drift.seen if self.drift else None
        return self.size.most(seen.size) if seen else self.size

    def _largest(self) -> Size:
        present = self._present()
        return present.most(self.operation.to) if self.operation else present

    # History: what has happened

    @classmethod
    def begin(cls, event: ServerBeginning) -> Self:
        match event:
            case ServerAdopted():
                return cls(
                    project=event.project,
                    name=event.name,
                    host=event.host,
                    size=event.size,
                    envelope=event.envelope,
                    guest=event.guest,
                    spec=event.spec,
                    power=event.power,
                    counted=event.counted,
                )
            case BuildRequested():
                return cls(
                    project=event.project,
                    name=event.name,
                    host=event.host,
                    size=event.size,
                    envelope=_UNREAD,
                    ceiling=event.ceiling,
                    spec=event.spec,
                    power="building",
                    operation=Operation(
                        id=event.operation, kind="build", to=event.size, deadline=event.deadline
                    ),
                )
            case never:
                assert_never(never)

    def after(self, event: ServerChange) -> Self:  # noqa: PLR0911 (one line a kind of fact)
        match event:
            case ServerAdopted():  # it was deleted, and is there again
                return self.begin(event)
            case CeilingDeclared(ceiling=ceiling):
                return replace(self, ceiling=ceiling, spec=limited(self.spec, ceiling))
            case ScalableSet(scalable=scalable):
                return replace(self, scalable=scalable, failed=None)
            case AutoscalingSet(autoscaling=autoscaling):
                return replace(self, autoscaling=autoscaling)
            case ScaleRequested() | ScaleRetried() | Migrated() | ReadBackRequested():
                return self._working(event)
            case DeleteRequested() | PowerRequested():
                return self._asked(event)
            case OutcomeUnknown() if self.operation:
                given_up = replace(self.operation, undecided=True, late=True)
                return replace(self, operation=given_up)
            case DriftObserved() | DriftAdopted() | EnvelopeRead():
                return self._seen(event)
            case OutcomeUnknown():
                return self
            case _:
                return replace(self._ended(event), operation=None)

    def _working(self, event: ScaleRequested | ScaleRetried | Migrated | ReadBackRequested) -> Self:
        """A scale is on its way, or on its way again."""
        match event:
            case ScaleRequested():
                working = Operation(
                    id=event.operation,
                    to=event.to,
                    deadline=event.deadline,
                    mode=event.mode,
                    consent=event.consent,
                    to_host=event.to_host,
                    counted_before=self.counted,
                )
                cool_until = event.cool_until or self.cool_until
                return replace(self, operation=working, cool_until=cool_until)
            case ScaleRetried():
                again = replace(
                    self._open(), mode="migrate", to_host=event.to_host, tried=event.tried
                )
                return replace(self, operation=again)
            case Migrated():
                arrived = replace(self._open(), to_host=None)
                return replace(
                    self,
                    host=event.host,
                    size=event.size,
                    guest=event.guest,
                    envelope=event.envelope,
                    operation=arrived,
                    drift=None,
                )
            case ReadBackRequested():
                looked_at = replace(self._open(), deadline=event.deadline, undecided=False)
                return replace(self, operation=looked_at)

    def _asked(self, event: DeleteRequested | PowerRequested) -> Self:
        kind: OperationKind = "delete"
        if isinstance(event, PowerRequested):
            kind = "start" if event.power == "running" else "stop"
        working = Operation(
            id=event.operation,
            kind=kind,
            to=self.size,
            deadline=event.deadline,
            counted_before=self.counted,
        )
        return replace(self, operation=working, counted=self.counted or kind == "start")

    def _ended(self, event: ServerEnding) -> Self:  # noqa: PLR0911 (the same)
        match event:
            case ScaleConfirmed():
                reached = replace(self.spec, version=self.spec.version + 1, size=event.size)
                read = replace(self._read(event), counted=event.counted, spec=reached)
                return replace(read, seen_by_guest=event.seen_by_guest, awaited=event.awaited)
            case ScalePartlyApplied():
                return replace(self._read(event), counted=event.counted)
            case ScaleFailed():
                said_no = FailedTo(to=event.to, reason=event.reason) if event.refused else None
                return replace(self, failed=said_no, cool_until=None)
            case Built():
                return replace(self._read(event), power=event.power)
            case PowerChanged():
                return replace(self._read(event), power=event.power, counted=event.counted)
            case PowerFailed():
                return replace(self, power=event.power, counted=event.counted)
            case BuildFailed() | Deleted():
                return replace(self, power="gone", drift=None)
            case DeleteFailed():
                return self
            case OperationCancelled():
                power: Power = "gone" if self.power == "building" else self.power
                return replace(self, power=power, counted=self._open().counted_before)
            case never:
                assert_never(never)

    def _read(self, event: ScaleConfirmed | ScalePartlyApplied | Built | PowerChanged) -> Self:
        return replace(
            self,
            size=event.size,
            guest=event.guest,
            envelope=event.envelope,
            power=event.power or self.power,
            drift=None,
            failed=None,
            seen_by_guest=None,
            awaited=None,
        )

    def _seen(self, event: DriftObserved | DriftAdopted | EnvelopeRead) -> Self:
        match event:
            case EnvelopeRead(seen_by_guest=has):
                read = replace(self, envelope=event.envelope, guest=event.guest, failed=None)
                return replace(read, seen_by_guest=has, awaited=None) if has else read
            case DriftObserved():
                return replace(self, drift=event.drift)
            case DriftAdopted():
                seen = self.drift.seen if self.drift else None
                taken = replace(
                    self,
                    size=event.size,
                    host=event.host,
                    counted=event.counted,
                    drift=None,
                    failed=None,
                )
                return (
                    replace(taken, guest=seen.guest, envelope=seen.envelope, power=seen.power)
                    if seen
                    else taken
                )

    def _open(self) -> Operation:
        if self.operation is None:
            raise LookupError("no operation is open")
        return self.operation
