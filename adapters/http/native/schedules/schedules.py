"""/v1/schedules: scales that wait for their time, and what became of those that did."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Response
from litestar.params import FromPath, QueryParameter
from msgspec import UNSET, UnsetType

from adapters.http.gateway import body
from adapters.http.gateway.dispatch import (
    Asking,
    actor_of,
    etag,
    expected_version,
)
from adapters.http.gateway.parts.context import Context
from adapters.http.gateway.parts.reads import Reads
from adapters.http.gateway.policy import must_be_let_consent, must_see, shown_project
from adapters.http.native import paging
from adapters.http.native.entries import EntryId, given
from adapters.http.native.fields import (
    After,
    MemoryMib,
    ProjectQuery,
    Reason,
    ServerQuery,
    SizeBody,
    Vcpus,
    Why,
)
from adapters.http.native.prefixes import PrefixQuery, id_range
from adapters.http.native.problems import document
from adapters.http.native.routes import delete, get, patch, post
from adapters.http.native.visible import visible
from adapters.readside.tables import catalogue_row
from commands.command import Command
from commands.ledger.appointments import When
from commands.schedules.cancel_schedule import CancelSchedule
from commands.schedules.change_schedule import ChangeSchedule, ScheduleRecorded
from commands.schedules.schedule_scale import Scheduled, ScheduleScale
from domain.schedules.schedule import Schedule, ScheduleState
from domain.server import Consent
from domain.shared.errors import NotFound
from domain.shared.size import Size
from projections import schedules
from projections.catalogue import CatalogueRow

_Time = Annotated[
    datetime, msgspec.Meta(tz=True, description="With its offset, as 2026-07-01T22:00:00Z.")
]
_StateQuery = Annotated[
    ScheduleState | None,
    QueryParameter(name="state", description="Only schedules in this state."),
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


class ScheduleView(msgspec.Struct, frozen=True, kw_only=True):
    """From ``due`` until ``until`` (UTC) it is asked for, in the name of ``asked_by``; ``problem``
    is why it was refused then."""

    id: UUID
    server: UUID
    server_name: str | None
    project: str
    to: Size
    consent: Consent
    due: datetime
    until: datetime
    window: str | None
    state: ScheduleState
    operation: UUID | None
    problem: dict[str, Any] | None
    asked_by: str
    reason: str
    version: int


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
        consent=asked.consent,
        grow_at_once=asked.grow == "any-time",
        reason=asked.reason,
    )


@get("/v1/schedules", may="see")
async def list_schedules(
    request: Asking,
    reads: Reads,
    after: After = None,
    server: ServerQuery = None,
    project: ProjectQuery = None,
    in_state: _StateQuery = None,
    prefix: PrefixQuery = None,
    limit: paging.PageLimit = 100,
    cursor: paging.Cursor = None,
) -> Response[paging.Page[ScheduleView]]:
    """Schedules by id. Readers and members see those of their project."""
    await reads.reach_tables(after)
    upto = paging.id_of(cursor)
    values = {
        "project": shown_project(actor_of(request), project),
        "server": str(server) if server else None,
        "state": in_state,
        "after": str(upto) if upto else None,
        "limit": limit + 1,
    } | {name: str(id_) if id_ else None for name, id_ in id_range(prefix).items()}
    rows = [catalogue_row(row) for row in await reads.select(schedules.LIST, values)]
    return paging.page(request, [_view(reads, row) for row in rows], limit, lambda row: row.id)


@get("/v1/schedules/{schedule:uuid}", may="see")
async def show_schedule(
    request: Asking, schedule: FromPath[UUID], reads: Reads, after: After = None
) -> Response[ScheduleView]:
    """One schedule, and what became of it."""
    await reads.reach(after)
    row = await _visible(request, reads, schedule)
    return Response(_view(reads, row), headers=etag(row.version))


@patch("/v1/schedules/{schedule:uuid}", may="change", reply=ScheduleRecorded)
async def change_schedule(
    request: Asking,
    schedule: FromPath[UUID],
    asked: ScheduleChanges,
    context: Context,
    reads: Reads,
) -> Command:
    """Change what it will ask for, or when; whoever changes it has asked for it."""
    row = await _visible(request, reads, schedule)
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
    await _visible(request, reads, schedule)
    return CancelSchedule(schedule=schedule, expected=expected_version(request), reason=reason)


async def _visible(request: Asking, reads: Reads, schedule: UUID) -> CatalogueRow[Schedule]:
    """From memory while it waits, then from its table. Raises NotFound, Unavailable."""
    row = reads.models.catalogue.get(Schedule, str(schedule))
    if row is None:
        await reads.reach_tables(None)
        for found in await reads.select(schedules.GET, {"id": str(schedule)}):
            row = catalogue_row(found)
    if row is None:
        raise NotFound(what="schedule", id=str(schedule))
    must_see(actor_of(request), row.state.project, what="schedule", id=str(schedule))
    return row


def _when(at: datetime | None, window: str | None) -> When:
    """Raises BodyInvalid."""
    if (when := at or window) is None or (at and window):
        raise body.BodyInvalid("Give either `at`, or `window`.")
    return when


def _view(reads: Reads, row: CatalogueRow[Schedule]) -> ScheduleView:
    schedule = row.state
    return ScheduleView(
        id=UUID(row.id),
        server=schedule.server,
        server_name=reads.readside.server_name(schedule.server),
        project=schedule.project,
        to=schedule.to,
        consent=schedule.consent,
        due=schedule.when.due,
        until=schedule.when.until,
        window=schedule.when.window,
        state=schedule.state,
        operation=schedule.operation,
        problem=document(schedule.refusal) if schedule.refusal else None,
        asked_by=schedule.asked_by,
        reason=schedule.reason,
        version=row.version,
    )
