"""A server grows and shrinks, one operation at a time, never above its ceiling."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar, Self, assert_never
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.envelope import Envelope
from domain.errors import (
    AboveCeiling,
    Misaligned,
    NeedsRestart,
    NoMemorySlot,
    NothingToResolve,
    NotScalable,
    OutcomeUndecided,
    Refused,
    ScaleInProgress,
)
from domain.events import Event
from domain.resources import Amounts, gains, held, minus
from domain.size import GuestView, Size


class ServerAdopted(Event, frozen=True, kw_only=True, tag="server.adopted"):
    """Found on a hypervisor and taken into the books as it was there."""

    project: str
    name: str
    host: str
    size: Size
    envelope: Envelope
    guest: GuestView = GuestView()
    reason: str = ""


class CeilingDeclared(Event, frozen=True, kw_only=True, tag="server.ceiling-declared"):
    """The most the server may have; None: it may not be scaled."""

    was: Size | None
    ceiling: Size | None
    reason: str = ""


class ScaleRequested(Event, frozen=True, kw_only=True, tag="server.scale-requested"):
    """``deadline`` (UTC) is when the operation ends at the latest, whatever is known then."""

    operation: UUID
    host: str
    was: Size
    to: Size
    deadline: datetime
    reason: str = ""


class ScaleConfirmed(Event, frozen=True, kw_only=True, tag="server.scale-confirmed"):
    operation: UUID
    was: Size
    size: Size
    guest: GuestView
    envelope: Envelope


class ScalePartlyApplied(Event, frozen=True, kw_only=True, tag="server.scale-partly-applied"):
    """The server has neither its old size nor the one asked for."""

    operation: UUID
    was: Size
    to: Size
    size: Size
    guest: GuestView
    envelope: Envelope
    reason: str


class ScaleFailed(Event, frozen=True, kw_only=True, tag="server.scale-failed"):
    """The server has the size it had."""

    operation: UUID
    to: Size
    size: Size
    reason: str


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


ServerChange = (
    CeilingDeclared
    | ScaleRequested
    | ScaleConfirmed
    | ScalePartlyApplied
    | ScaleFailed
    | OutcomeUnknown
    | ReadBackRequested
)
ServerEvent = ServerAdopted | ServerChange
ScaleOutcome = ScaleConfirmed | ScalePartlyApplied | ScaleFailed


class Operation(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What the server is being brought to. ``undecided``: past its deadline, outcome not known."""

    id: UUID
    to: Size
    deadline: datetime
    undecided: bool = False


class Server(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """``size`` is what the hypervisor allocates, as it was last read back."""

    category: ClassVar[str] = "server"
    snapshot_format: ClassVar[int] = 1

    project: str
    name: str
    host: str
    size: Size
    envelope: Envelope
    guest: GuestView = GuestView()
    ceiling: Size | None = None
    operation: Operation | None = None

    # Decisions: what may happen next

    def declare(self, ceiling: Size | None, reason: str = "") -> CeilingDeclared:
        return CeilingDeclared(was=self.ceiling, ceiling=ceiling, reason=reason)

    def scale(
        self, *, to: Size, operation: UUID, deadline: datetime, reason: str = ""
    ) -> ScaleRequested:
        """Ask for another size; the hypervisor answers later. Raises the first of `obstacles`."""
        for obstacle in self.obstacles(to):
            raise obstacle
        return ScaleRequested(
            operation=operation,
            host=self.host,
            was=self.size,
            to=to,
            deadline=deadline,
            reason=reason,
        )

    def confirm(self, size: Size, guest: GuestView, envelope: Envelope, why: str) -> ScaleOutcome:
        """End the operation with what was read back; which end it is follows from the size."""
        operation = self._open()
        if size == operation.to:
            return ScaleConfirmed(
                operation=operation.id, was=self.size, size=size, guest=guest, envelope=envelope
            )
        if size == self.size:
            return ScaleFailed(operation=operation.id, to=operation.to, size=size, reason=why)
        return ScalePartlyApplied(
            operation=operation.id,
            was=self.size,
            to=operation.to,
            size=size,
            guest=guest,
            envelope=envelope,
            reason=why,
        )

    def fail(self, reason: str) -> ScaleFailed:
        """End the operation: nothing was changed."""
        operation = self._open()
        return ScaleFailed(operation=operation.id, to=operation.to, size=self.size, reason=reason)

    def give_up(self, reason: str) -> OutcomeUnknown:
        """End the operation at its deadline without knowing what came of it."""
        operation = self._open()
        return OutcomeUnknown(operation=operation.id, was=self.size, to=operation.to, reason=reason)

    def read_back(self, operation: UUID, deadline: datetime) -> ReadBackRequested:
        """Ask what became of an operation of unknown outcome. Raises NothingToResolve."""
        if not (self.works_on(operation) and self._open().undecided):
            raise NothingToResolve(operation=operation)
        to = self._open().to
        return ReadBackRequested(
            operation=operation, host=self.host, was=self.size, to=to, deadline=deadline
        )

    # Questions

    def works_on(self, operation: UUID) -> bool:
        """Whether this operation's outcome is still to be told."""
        return self.operation is not None and self.operation.id == operation

    def claimed(self) -> Amounts:
        """What the project holds for this server: the larger size while an operation is open."""
        return held(self.size.most(self.operation.to) if self.operation else self.size)

    def growth(self, to: Size) -> Amounts:
        """What must be claimed before the server may be brought to ``to``."""
        return gains(minus(held(self.size.most(to)), held(self.size)))

    def obstacles(self, to: Size) -> Iterator[Refused]:
        """Everything about the server itself that stands against ``to``, the firmest first."""
        if self.operation:
            busy = OutcomeUndecided if self.operation.undecided else ScaleInProgress
            yield busy(operation=self.operation.id, to=self.operation.to)
        if self.ceiling is None:
            yield NotScalable(server_size=self.size)
        elif not to.fits(self.ceiling.most(self.size)):
            yield AboveCeiling(asked=to, ceiling=self.ceiling)
        yield from self._beyond_reach(to)

    def nearest(self, to: Size, most: Size | None = None) -> Size:
        """The size nearest to ``to`` that can be reached live, and is not above ``most``."""
        upper = self.envelope.ceiling
        for bound in (self.ceiling or self.size, most):
            upper = upper.least(bound) if bound else upper
        wanted = to.least(upper.most(self.size)).most(self.envelope.floor)
        return Size(wanted.vcpus, self._aligned(wanted.memory_mib))

    def _beyond_reach(self, to: Size) -> Iterator[Refused]:
        envelope = self.envelope
        if not (envelope.floor.fits(to) and to.fits(envelope.ceiling)):
            yield NeedsRestart(asked=to, floor=envelope.floor, ceiling=envelope.ceiling)
        if (to.memory_mib - self.size.memory_mib) % envelope.memory_step_mib:
            yield Misaligned(
                asked_memory_mib=to.memory_mib,
                step_mib=envelope.memory_step_mib,
                nearest_memory_mib=self._aligned(to.memory_mib),
            )
        if to.memory_mib > self.size.memory_mib and envelope.memory_slots_left == 0:
            yield NoMemorySlot(asked_memory_mib=to.memory_mib)

    def _aligned(self, memory_mib: int) -> int:
        """The nearest reachable memory towards what the server has."""
        if memory_mib > self.size.memory_mib and self.envelope.memory_slots_left == 0:
            return self.size.memory_mib
        steps = int((memory_mib - self.size.memory_mib) / self.envelope.memory_step_mib)
        return self.size.memory_mib + steps * self.envelope.memory_step_mib

    def _open(self) -> Operation:
        """The open operation. Commands look with `works_on` first, so there is one."""
        if self.operation is None:
            raise LookupError("no operation is open")
        return self.operation

    # History: what has happened

    @classmethod
    def begin(cls, event: ServerAdopted) -> Self:
        return cls(
            project=event.project,
            name=event.name,
            host=event.host,
            size=event.size,
            envelope=event.envelope,
            guest=event.guest,
        )

    def after(self, event: ServerChange) -> Self:
        match event:
            case CeilingDeclared(ceiling=ceiling):
                return replace(self, ceiling=ceiling)
            case ScaleRequested() | ReadBackRequested():
                working = Operation(id=event.operation, to=event.to, deadline=event.deadline)
                return replace(self, operation=working)
            case ScaleConfirmed() | ScalePartlyApplied():
                return replace(
                    self,
                    size=event.size,
                    guest=event.guest,
                    envelope=event.envelope,
                    operation=None,
                )
            case ScaleFailed():
                return replace(self, operation=None)
            case OutcomeUnknown():
                return replace(self, operation=self._undecided())
            case never:
                assert_never(never)

    def _undecided(self) -> Operation | None:
        return replace(self.operation, undecided=True) if self.operation else None
