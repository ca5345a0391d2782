"""A schedule is one scale of one server, asked for now and decided when it is due."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self, assert_never
from uuid import UUID

from msgspec.structs import asdict, replace

from domain.schedules.appointment import Appointment
from domain.schedules.schedule_events import (
    ScheduleCancelled,
    ScheduleChanged,
    ScheduleEvent,
    ScheduleMade,
    ScheduleRan,
    ScheduleRefused,
    ScheduleTerms,
)
from domain.schedules.schedule_refusals import ScheduleOver, ScheduleState
from domain.shared.refusal import Refusal
from domain.shared.resources import ONE_SCHEDULE, Amounts


class Schedule(ScheduleTerms, frozen=True, kw_only=True, gc=False):
    """A schedule as its events have made it."""

    category: ClassVar[str] = "schedule"
    snapshot_format: ClassVar[int] = 1
    deleted: ClassVar[bool] = False

    server: UUID
    project: str
    asked_by: str
    reason: str = ""
    counted: bool = False
    user: str = ""
    state: ScheduleState = "waiting"
    operation: UUID | None = None
    refusal: Refusal | None = None

    @property
    def is_over(self) -> bool:
        """It ran, was refused or cancelled: no event follows."""
        return self.state != "waiting"

    # Decisions: what may happen next

    @classmethod
    def make(
        cls,
        terms: ScheduleTerms,
        *,
        server: UUID,
        project: str,
        asked_by: str,
        user: str = "",
        reason: str = "",
    ) -> ScheduleMade:
        """Make a schedule; the scale's own rules are checked when it is due."""
        return ScheduleMade(
            server=server,
            project=project,
            to=terms,
            asked_by=asked_by,
            reason=reason,
            counted=True,
            user=user,
        )

    def change(
        self, to: ScheduleTerms, *, asked_by: str | None = None, reason: str = ""
    ) -> ScheduleChanged:
        """Replace the terms; ``asked_by`` None: in the same name as before. Raises ScheduleOver."""
        self._must_wait()
        return ScheduleChanged(
            server=self.server,
            project=self.project,
            was=self.terms(),
            to=to,
            asked_by=self.asked_by if asked_by is None else asked_by,
            reason=reason,
        )

    def cancel(self, reason: str = "") -> ScheduleCancelled:
        """Cancel it before it is due. Raises ScheduleOver."""
        self._must_wait()
        return ScheduleCancelled(server=self.server, project=self.project, reason=reason)

    def run(self, operation: UUID) -> ScheduleRan:
        """Record that the scale was accepted as ``operation``. Raises ScheduleOver."""
        self._must_wait()
        return ScheduleRan(
            server=self.server, project=self.project, operation=operation, asked_by=self.asked_by
        )

    def refuse(self, refusal: Refusal) -> ScheduleRefused:
        """Record that the scale was refused. Raises ScheduleOver."""
        self._must_wait()
        return ScheduleRefused(
            server=self.server, project=self.project, refusal=refusal, asked_by=self.asked_by
        )

    def _must_wait(self) -> None:
        if self.state != "waiting":
            raise ScheduleOver(state=self.state)

    # Questions

    def claimed(self) -> Amounts:
        """The quota that its project holds for it, while it waits."""
        return ONE_SCHEDULE if self.counted and not self.is_over else {}

    def terms(self) -> ScheduleTerms:
        """The part of it that may change, as it is now."""
        return ScheduleTerms(to=self.to, consent=self.consent, when=self.when)

    def at(self, when: Appointment) -> ScheduleTerms:
        """The same terms at another time."""
        return replace(self.terms(), when=when)

    def is_due(self, now: datetime) -> bool:
        """Whether it waits and its time has come; ``now`` in UTC."""
        return self.state == "waiting" and self.when.due <= now

    # History: what has happened

    @classmethod
    def begin(cls, event: ScheduleMade) -> Self:
        """The schedule as made."""
        return cls(
            server=event.server,
            project=event.project,
            asked_by=event.asked_by,
            reason=event.reason,
            counted=event.counted,
            user=event.user,
            **asdict(event.to),
        )

    def after(self, event: ScheduleEvent) -> Self:
        """The schedule after one more event."""
        match event:
            case ScheduleMade():
                return self.begin(event)
            case ScheduleChanged(to=terms, asked_by=asked_by):
                return replace(self, asked_by=asked_by, **asdict(terms))
            case ScheduleCancelled():
                return replace(self, state="cancelled")
            case ScheduleRan(operation=operation):
                return replace(self, state="ran", operation=operation)
            case ScheduleRefused(refusal=refusal):
                return replace(self, state="refused", refusal=refusal)
            case never:
                assert_never(never)
