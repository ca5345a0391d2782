"""/v1/schedules: have a server scaled later, change that, cancel it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar.params import FromPath
from msgspec import UNSET, UnsetType

from adapters.http.gateway import body
from adapters.http.gateway.dispatch import (
    Asking,
    actor_of,
    expected_version,
)
from adapters.http.gateway.parts.context import Context
from adapters.http.gateway.parts.reads import Reads
from adapters.http.gateway.policy import must_be_let_consent
from adapters.http.native.entries import EntryId, given
from adapters.http.native.fields import (
    MemoryMib,
    Reason,
    SizeBody,
    Vcpus,
    Why,
)
from adapters.http.native.routes import delete, patch, post
from adapters.http.native.schedules.schedule_view import found_schedule
from adapters.http.native.visible import visible
from commands.command import Command
from commands.ledger.appointments import When
from commands.schedules.cancel_schedule import CancelSchedule
from commands.schedules.change_schedule import ChangeSchedule, ScheduleRecorded
from commands.schedules.schedule_scale import Scheduled, ScheduleScale
from domain.server import Consent

_Time = Annotated[
    datetime, msgspec.Meta(tz=True, description="With its offset, as 2026-07-01T22:00:00Z.")
]


class ScheduleBody(SizeBody, frozen=True, kw_only=True):
    """Either ``at`` a time, or in a ``window``: its next opening. ``grow`` any-time: what grows is
    scaled at once, and only what shrinks waits."""

    at: _Time | None = None
    window: EntryId | None = None
    grow: Literal["then", "any-time"] = "then"
    consent: Consent = "live"
    reason: Reason = ""


class ScheduleChanges(body.Body, frozen=True, kw_only=True):
    """What is not named stays."""

    vcpus: Vcpus | UnsetType = UNSET
    memory_mib: MemoryMib | UnsetType = UNSET
    at: _Time | UnsetType = UNSET
    window: EntryId | UnsetType = UNSET
    consent: Consent | UnsetType = UNSET
    reason: Reason = ""


def _place(made: Scheduled) -> str:
    where = f"schedules/{made.schedule}" if made.schedule else f"operations/{made.operation}"
    return f"/v1/{where}"


@post(
    "/v1/servers/{server:uuid}/schedules",
    may="change",
    reply=Scheduled,
    location=_place,
)
async def schedule_scale(
    request: Asking,
    server: FromPath[UUID],
    asked: ScheduleBody,
    context: Context,
    reads: Reads,
) -> Command:
    """Have a server scaled at a later time; it is decided then. Location is that of the schedule,
    or, where nothing was left for later, of the operation."""
    actor = actor_of(request)
    visible(request, reads, server)
    must_be_let_consent(actor, asked.consent)
    return ScheduleScale(
        schedule=context.new_id(),
        server=server,
        to=asked.size(),
        when=_when(asked.at, asked.window),
        now=context.now(),
        operation=context.new_id(),
        deadline=context.deadline(),
        asked_by=actor.name,
        user=actor.user,
        consent=asked.consent,
        grow_at_once=asked.grow == "any-time",
        reason=asked.reason,
    )


@patch("/v1/schedules/{schedule:uuid}", may="change", reply=ScheduleRecorded)
async def change_schedule(
    request: Asking,
    schedule: FromPath[UUID],
    asked: ScheduleChanges,
    context: Context,
    reads: Reads,
) -> Command:
    """Change what it will ask for, or when; whoever changes it has asked for it."""
    row = await found_schedule(request, reads, schedule)
    actor = actor_of(request)
    consent: Consent | None = given(asked.consent)
    # From now on it will be done in the name of this caller.
    must_be_let_consent(actor, consent or row.state.consent)
    at, window = given(asked.at), given(asked.window)
    return ChangeSchedule(
        schedule=schedule,
        now=context.now(),
        asked_by=actor.name,
        vcpus=given(asked.vcpus),
        memory_mib=given(asked.memory_mib),
        when=_when(at, window) if at or window else None,
        consent=consent,
        expected=expected_version(request),
        reason=asked.reason,
    )


@delete("/v1/schedules/{schedule:uuid}", may="change", status=204)
async def cancel_schedule(
    request: Asking, schedule: FromPath[UUID], reads: Reads, reason: Why = ""
) -> Command:
    """It is not asked for; what was scheduled stays on record."""
    await found_schedule(request, reads, schedule)
    return CancelSchedule(schedule=schedule, expected=expected_version(request), reason=reason)


def _when(at: datetime | None, window: str | None) -> When:
    """Raises BodyInvalid."""
    if (when := at or window) is None or (at and window):
        raise body.BodyInvalid("Give either `at`, or `window`.")
    return when
