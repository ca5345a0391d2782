"""What schedules claim of their projects' quotas: one each, while they wait."""

from __future__ import annotations

from uuid import UUID

from commands.command import Change, Log, Stream, first
from commands.ledger import quotas
from domain.quota.claims import For, claim, settle
from domain.schedules.schedule import Schedule
from domain.schedules.schedule_events import ScheduleEvent, ScheduleMade


def made(log: Log, id: UUID, event: ScheduleMade) -> list[Change]:
    """The changes that begin a schedule. Raises QuotaExceeded."""
    path = quotas.path(log, event.project, event.user)
    claims = claim(path, Schedule.begin(event).claimed(), For(server=event.server))
    return [*first(Schedule, str(id), event), *quotas.recorded(log, claims)]


def ended(log: Log, stream: Stream[Schedule], event: ScheduleEvent) -> list[Change]:
    """The changes that end a schedule, with which it gives back what it claimed."""
    was, now = stream.state.claimed(), stream.state.after(event).claimed()
    path = quotas.path(log, stream.state.project, stream.state.user)
    claims = settle(path, was, now, For(server=stream.state.server))
    return [*stream.record(event), *quotas.recorded(log, claims)]
