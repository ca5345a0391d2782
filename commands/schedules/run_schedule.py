"""Ask for a scheduled scale when it is due: it is decided then, and a refusal is recorded."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from commands.command import Change, Command, Decision, Log, Reply, Stream
from commands.draft import Draft
from commands.ledger.appointments import window_changed, with_new_appointment
from commands.ledger.schedules import ended
from commands.scaling.scale_server import ScaleServer
from domain.schedules.schedule import Schedule
from domain.schedules.schedule_refusals import ScheduleMissed
from domain.shared.errors import DriftOpen, OutcomeUndecided, Refused, ScaleInProgress
from domain.shared.refusal import refusal

# What somebody else may have ended before the schedule's own time is over.
_BUSY = (ScaleInProgress, OutcomeUndecided, DriftOpen)


class RunSchedule(Command, frozen=True, kw_only=True):
    """Run a due schedule; ``operation`` is that of its scale. Times in UTC.

    It changes nothing if asked too early, again, or for a busy server. A schedule whose window has
    changed gets a new appointment. Raises NotFound.
    """

    schedule: UUID
    operation: UUID
    deadline: datetime
    now: datetime

    def decide(self, log: Log) -> Decision:
        """Record that it ran with its scale, that it was refused, or its new appointment."""
        stream = log.load(Schedule, str(self.schedule))
        schedule = stream.state
        if schedule.state == "waiting" and window_changed(log, schedule):
            return Decision(with_new_appointment(log, stream, self.now), Reply())
        if not schedule.is_due(self.now):
            return Decision([], Reply())
        return Decision(self._ask(log, stream), Reply())

    def _ask(self, log: Log, stream: Stream[Schedule]) -> list[Change]:
        schedule, over = stream.state, self.now >= stream.state.when.until
        scale = self._scale(schedule)
        found = scale.assessed(log)
        answer = found.answer(schedule.consent)
        if isinstance(answer, _BUSY) and not over:
            return []
        if over and not isinstance(answer, Refused):
            answer = ScheduleMissed(due=schedule.when.due, until=schedule.when.until)
        if isinstance(answer, Refused):
            return ended(log, stream, schedule.refuse(refusal(answer)))
        draft = Draft(log)
        draft.record(scale.accepted(log, found.scale, answer)[0])
        draft.record(ended(draft, stream, schedule.run(self.operation)))
        return draft.changes

    def _scale(self, schedule: Schedule) -> ScaleServer:
        return ScaleServer(
            server=schedule.server,
            to=schedule.to,
            operation=self.operation,
            deadline=self.deadline,
            reason=schedule.reason,
            consent=schedule.consent,
        )
