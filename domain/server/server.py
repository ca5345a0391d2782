"""A server: the fold of its events."""

from __future__ import annotations

from typing import Self, assert_never

from msgspec.structs import replace

from domain.server.describing import DescriptionChanged, with_part
from domain.server.descriptions import (
    AutoscalingSet,
    CeilingDeclared,
    GroupChanged,
    ResizeConfirmed,
    ScalableSet,
    ServerDescribed,
    ZonePinned,
)
from domain.server.drift_events import DriftAdopted, DriftObserved, EnvelopeRead
from domain.server.kinds import ServerBeginning, ServerChange, ServerEnding
from domain.server.lifecycle_events import (
    BuildFailed,
    BuildRequested,
    Built,
    Deleted,
    DeleteFailed,
    DeleteRequested,
    PowerChanged,
    PowerFailed,
    PowerRequested,
    ServerAdopted,
)
from domain.server.scaling_events import (
    Migrated,
    OperationCancelled,
    OutcomeUnknown,
    ReadBackRequested,
    ScaleConfirmed,
    ScaleFailed,
    ScalePartlyApplied,
    ScaleRequested,
    ScaleRetried,
)
from domain.server.state import ServerState
from domain.server.values import FailedTo, FlavorTerms, Operation, OperationKind, Power
from domain.shared.envelope import Envelope
from domain.shared.request_spec import RequestSpec, limited
from domain.shared.size import Size

_UNREAD = Envelope(floor=Size(1, 1), ceiling=Size(1, 1), memory_by="none")

_Said = ServerDescribed | DescriptionChanged | GroupChanged | ResizeConfirmed | ZonePinned


class Server(ServerState, frozen=True, kw_only=True, gc=False):
    """A server as its events have made it."""

    @classmethod
    def begin(cls, event: ServerBeginning) -> Self:
        """The server as adopted, or as it will be built."""
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
                    user=event.user,
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
                    user=event.user,
                    described=event.described,
                )
            case never:
                assert_never(never)

    def after(self, event: ServerChange) -> Self:  # noqa: PLR0911 (one line a kind of fact)
        """The server after one more event."""
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
            case OutcomeUnknown():
                return self._given_up()
            case DriftObserved() | DriftAdopted() | EnvelopeRead():
                return self._seen(event)
            case (
                ServerDescribed()
                | DescriptionChanged()
                | GroupChanged()
                | ResizeConfirmed()
                | ZonePinned()
            ):
                return self._said(event)
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
                    resize=event.resize,
                    reverts=event.reverts,
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

    def _given_up(self) -> Self:
        if self.operation is None:
            return self
        return replace(self, operation=replace(self.operation, undecided=True, late=True))

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
            case ScaleConfirmed() | ScalePartlyApplied() | ScaleFailed():
                return self._scaled(event)
            case Built():
                return replace(self._read(event), power=event.power)
            case PowerChanged():
                return replace(self._read(event), power=event.power, counted=event.counted)
            case PowerFailed():
                return replace(self, power=event.power, counted=event.counted)
            case BuildFailed(reason=reason):
                return replace(self, power="gone", drift=None, fault=reason)
            case Deleted():
                return replace(self, power="gone", drift=None, fault=None, resized_from=None)
            case DeleteFailed():
                return self
            case OperationCancelled():
                power: Power = "gone" if self.power == "building" else self.power
                return replace(self, power=power, counted=self._open().counted_before)
            case never:
                assert_never(never)

    def _scaled(self, event: ScaleConfirmed | ScalePartlyApplied | ScaleFailed) -> Self:
        match event:
            case ScaleConfirmed():
                return self._reached(event)
            case ScalePartlyApplied():
                return replace(self._read(event), counted=event.counted)
            case ScaleFailed():
                said_no = FailedTo(to=event.to, reason=event.reason) if event.refused else None
                return replace(self, failed=said_no, cool_until=None)

    def _reached(self, event: ScaleConfirmed) -> Self:
        """The size that was asked for, and with it the flavor, if it came by one."""
        reached = replace(self.spec, version=self.spec.version + 1, size=event.size)
        read = replace(
            self._read(event),
            counted=event.counted,
            spec=reached,
            seen_by_guest=event.seen_by_guest,
            awaited=event.awaited,
        )
        if (operation := self.operation) is None or (terms := operation.resize) is None:
            return read
        return replace(
            read,
            spec=_by_flavor(reached, terms),
            ceiling=terms.ceiling,
            resized_from=None if operation.reverts else self.terms,
        )

    def _said(self, event: _Said) -> Self:
        match event:
            case ServerDescribed(to=described):
                return replace(self, name=described.name, described=described)
            case DescriptionChanged(to=part):
                described = with_part(self.description, part)
                return replace(self, name=described.name, described=described)
            case GroupChanged(group=group):
                return replace(self, spec=replace(self.spec, group=group))
            case ResizeConfirmed():
                return replace(self, resized_from=None)
            case ZonePinned(zone=zone):
                return replace(self, spec=replace(self.spec, zone=zone))
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


def _by_flavor(spec: RequestSpec, terms: FlavorTerms) -> RequestSpec:
    """The same server by another flavor, with what follows from that."""
    return replace(
        spec,
        flavor=terms.flavor,
        traits=terms.traits,
        max_vcpus=terms.max_vcpus,
        max_memory_mib=terms.max_memory_mib,
    )
