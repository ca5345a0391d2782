"""Ask now for a scale at a later time; on request its growth is scaled at once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from commands.command import Command, Decision, Log, Reply
from commands.draft import Draft
from commands.ledger.appointments import When, appointment
from commands.ledger.schedules import made
from commands.scaling.scale_server import ScaleAccepted, ScaleServer
from domain.schedules.appointment import Appointment
from domain.schedules.schedule import Schedule
from domain.schedules.schedule_events import ScheduleMade, ScheduleTerms
from domain.server import Consent, Server
from domain.shared.errors import PowerForbids
from domain.shared.size import Size


class Scheduled(Reply, frozen=True, kw_only=True):
    """What waits: from ``due`` until ``until`` (UTC) it is asked for.

    ``schedule`` None: nothing was left for later. ``operation``: what was asked for at once.
    """

    schedule: UUID | None
    server: UUID
    to: Size
    due: datetime | None = None
    until: datetime | None = None
    window: str | None = None
    operation: UUID | None = None


class ScheduleScale(Command, frozen=True, kw_only=True):
    """Schedule a scale at a time or in a window. Its own rules are checked when it is due. Times in
    UTC.

    ``user``: in whose quota it counts, beside the project's. ``grow_at_once``: growth is scaled
    now, as ``operation``, and only the rest waits. Raises NotFound, PowerForbids, TimeInvalid,
    QuotaExceeded (schedules), and with ``grow_at_once`` what ScaleServer raises.
    """

    schedule: UUID
    server: UUID
    to: Size
    when: When
    now: datetime
    operation: UUID
    deadline: datetime
    asked_by: str
    user: str = ""
    consent: Consent = "live"
    grow_at_once: bool = False
    reason: str = ""

    def decide(self, log: Log) -> Decision:
        """Record the schedule, and open the growth if that is asked for."""
        server = log.load(Server, str(self.server)).state
        if server.power == "gone":
            raise PowerForbids(power=server.power)
        when = appointment(log, self.when, self.now)
        draft, grown = Draft(log), self.to.max_with(server.size)
        grows = self.grow_at_once and grown != server.size
        if grows:
            draft.decide(self._scale(grown), ScaleAccepted)
        rest = not grows or grown != self.to
        if rest:
            draft.record(made(draft, self.schedule, self._made(server, when)))
        return Decision(draft.changes, self._reply(when, grows=grows, rest=rest))

    def _scale(self, to: Size) -> ScaleServer:
        return ScaleServer(
            server=self.server,
            to=to,
            operation=self.operation,
            deadline=self.deadline,
            reason=self.reason,
            consent=self.consent,
        )

    def _made(self, server: Server, when: Appointment) -> ScheduleMade:
        return Schedule.make(
            ScheduleTerms(to=self.to, consent=self.consent, when=when),
            server=self.server,
            project=server.project,
            asked_by=self.asked_by,
            user=self.user,
            reason=self.reason,
        )

    def _reply(self, when: Appointment, *, grows: bool, rest: bool) -> Scheduled:
        operation = self.operation if grows else None
        if not rest:
            return Scheduled(schedule=None, server=self.server, to=self.to, operation=operation)
        return Scheduled(
            schedule=self.schedule,
            server=self.server,
            to=self.to,
            due=when.due,
            until=when.until,
            window=when.window,
            operation=operation,
        )
