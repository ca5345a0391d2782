"""What may happen to a schedule."""

from __future__ import annotations

from uuid import UUID

import msgspec

from domain.schedules.appointment import Appointment
from domain.server.values import Consent
from domain.shared.events import Event
from domain.shared.refusal import Refusal
from domain.shared.size import Size


class ScheduleTerms(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The part of a schedule that may change while it waits."""

    to: Size
    consent: Consent = "live"
    when: Appointment


class ScheduleMade(Event, frozen=True, kw_only=True, tag="schedule.made"):
    """A schedule was made. ``asked_by``: in whose name the scale will be asked for. ``counted``:
    whether it claims of its project's quota, and of ``user``'s; those of before there was one do
    not."""

    server: UUID
    project: str
    to: ScheduleTerms
    asked_by: str
    reason: str = ""
    counted: bool = False
    user: str = ""


class ScheduleChanged(Event, frozen=True, kw_only=True, tag="schedule.changed"):
    """A waiting schedule was changed. ``reason``: why; the scale keeps its own."""

    server: UUID
    project: str
    was: ScheduleTerms
    to: ScheduleTerms
    asked_by: str
    reason: str = ""


class ScheduleCancelled(Event, frozen=True, kw_only=True, tag="schedule.cancelled"):
    """A waiting schedule was cancelled."""

    server: UUID
    project: str
    reason: str = ""


class ScheduleRan(Event, frozen=True, kw_only=True, tag="schedule.ran"):
    """The scale was asked for in the name of ``asked_by``, and accepted as ``operation``."""

    server: UUID
    project: str
    operation: UUID
    asked_by: str


class ScheduleRefused(Event, frozen=True, kw_only=True, tag="schedule.refused"):
    """The scale was asked for in the name of ``asked_by``, and refused."""

    server: UUID
    project: str
    refusal: Refusal
    asked_by: str


ScheduleEvent = ScheduleMade | ScheduleChanged | ScheduleCancelled | ScheduleRan | ScheduleRefused
