"""Change what a waiting schedule will ask for, or when."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from commands.command import Command, Decision, Log, Reply
from commands.ledger.appointments import When, appointment
from commands.ledger.catalogue import as_expected
from domain.schedules.schedule import Schedule
from domain.schedules.schedule_events import ScheduleTerms
from domain.server import Consent
from domain.shared.size import Size


class ScheduleRecorded(Reply, frozen=True, kw_only=True):
    """The schedule as it is now; times in UTC."""

    schedule: UUID
    to: Size
    consent: Consent
    due: datetime
    until: datetime
    window: str | None
    version: int


class ChangeSchedule(Command, frozen=True, kw_only=True):
    """Change a schedule; a field that is None stays. Its scale is then asked for by ``asked_by``.

    ``expected``: the version that the caller decided on. Raises NotFound, ScheduleOver,
    StaleVersion, TimeInvalid.
    """

    schedule: UUID
    now: datetime
    asked_by: str
    vcpus: int | None = None
    memory_mib: int | None = None
    when: When | None = None
    consent: Consent | None = None
    expected: int | None = None
    reason: str = ""

    def decide(self, log: Log) -> Decision:
        """Record the new terms; nothing where they are so already."""
        stream = log.load(Schedule, str(self.schedule))
        as_expected(stream.version, self.expected)
        terms = self._terms(log, stream.state)
        event = stream.state.change(terms, asked_by=self.asked_by, reason=self.reason)
        if event.to == event.was:
            return Decision([], self._reply(terms, stream.version))
        return Decision(stream.record(event), self._reply(terms, stream.version + 1))

    def _terms(self, log: Log, schedule: Schedule) -> ScheduleTerms:
        asked = Size(self.vcpus or schedule.to.vcpus, self.memory_mib or schedule.to.memory_mib)
        when = schedule.when if self.when is None else appointment(log, self.when, self.now)
        return ScheduleTerms(to=asked, consent=self.consent or schedule.consent, when=when)

    def _reply(self, terms: ScheduleTerms, version: int) -> ScheduleRecorded:
        return ScheduleRecorded(
            schedule=self.schedule,
            to=terms.to,
            consent=terms.consent,
            due=terms.when.due,
            until=terms.when.until,
            window=terms.when.window,
            version=version,
        )
