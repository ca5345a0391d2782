"""/v1/schedules: scales that wait for their time, and what became of those that did."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from msgspec import UNSET, UnsetType

from adapters.http.gateway import body
from adapters.http.gateway.dispatch import (
    Asking,
    actor_of,
    ask,
    etag,
    expected_version,
    reply,
    told,
)
from adapters.http.gateway.policy import must_be_let_consent, must_see, shown_project
from adapters.http.gateway.region import Region
from adapters.http.gateway.waiting import reach, reach_tables
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
from adapters.http.native.servers.servers import visible
from adapters.readside.tables import catalogue_row
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


@post("/v1/servers/{server:uuid}/schedules", name="schedule_scale", status_code=201)
async def schedule_scale(
    request: Asking, server: FromPath[UUID], region: NamedDependency[Region]
) -> Response[bytes]:
    """Have a server scaled at a later time; it is decided then. Location is that of the schedule,
    or, where nothing was left for later, of the operation."""
    asked = await body.read(request, ScheduleBody)
    actor = actor_of(request)
    visible(request, region, server)
    must_be_let_consent(actor, asked.consent)
    command = ScheduleScale(
        schedule=region.new_id(),
        server=server,
        to=asked.size(),
        when=_when(asked.at, asked.window),
        now=region.now(),
        operation=region.new_id(),
        deadline=region.deadline(),
        asked_by=actor.name,
        consent=asked.consent,
        grow_at_once=asked.grow == "any-time",
        reason=asked.reason,
    )
    answer = await ask(region, request, command)
    made = told(answer, Scheduled)
    where = f"schedules/{made.schedule}" if made.schedule else f"operations/{made.operation}"
    return reply(answer, 201, {"location": f"/v1/{where}"})


@get("/v1/schedules", name="list_schedules")
async def list_schedules(
    request: Asking,
    region: NamedDependency[Region],
    after: After = None,
    server: ServerQuery = None,
    project: ProjectQuery = None,
    in_state: _StateQuery = None,
    prefix: PrefixQuery = None,
    limit: paging.PageLimit = 100,
    cursor: paging.Cursor = None,
) -> Response[paging.Page[ScheduleView]]:
    """Schedules by id. Readers and members see those of their project."""
    await reach_tables(region.readside, after)
    upto = paging.id_of(cursor)
    values = {
        "project": shown_project(actor_of(request), project),
        "server": str(server) if server else None,
        "state": in_state,
        "after": str(upto) if upto else None,
        "limit": limit + 1,
    } | {name: str(id_) if id_ else None for name, id_ in id_range(prefix).items()}
    rows = [catalogue_row(row) for row in await region.select(schedules.LIST, values)]
    return paging.page(request, [_view(region, row) for row in rows], limit, lambda row: row.id)


@get("/v1/schedules/{schedule:uuid}", name="show_schedule")
async def show_schedule(
    request: Asking,
    schedule: FromPath[UUID],
    region: NamedDependency[Region],
    after: After = None,
) -> Response[ScheduleView]:
    """One schedule, and what became of it."""
    await reach(region.readside, after)
    row = await _visible(request, region, schedule)
    return Response(_view(region, row), headers=etag(row.version))


@patch("/v1/schedules/{schedule:uuid}", name="change_schedule")
async def change_schedule(
    request: Asking, schedule: FromPath[UUID], region: NamedDependency[Region]
) -> Response[bytes]:
    """Change what it will ask for, or when; whoever changes it has asked for it."""
    asked = await body.read(request, ScheduleChanges)
    row = await _visible(request, region, schedule)
    actor = actor_of(request)
    consent: Consent | None = given(asked.consent)
    # From now on it will be done in the name of this caller.
    must_be_let_consent(actor, consent or row.state.consent)
    at, window = given(asked.at), given(asked.window)
    command = ChangeSchedule(
        schedule=schedule,
        now=region.now(),
        asked_by=actor.name,
        vcpus=given(asked.vcpus),
        memory_mib=given(asked.memory_mib),
        when=_when(at, window) if at or window else None,
        consent=consent,
        expected=expected_version(request),
        reason=asked.reason,
    )
    answer = await ask(region, request, command)
    return reply(answer, headers=etag(told(answer, ScheduleRecorded).version))


@delete("/v1/schedules/{schedule:uuid}", name="cancel_schedule")
async def cancel_schedule(
    request: Asking, schedule: FromPath[UUID], region: NamedDependency[Region], reason: Why = ""
) -> Response[None]:
    """It is not asked for; what was scheduled stays on record."""
    await _visible(request, region, schedule)
    command = CancelSchedule(schedule=schedule, expected=expected_version(request), reason=reason)
    answer = await ask(region, request, command)
    headers = {"ullage-position": str(answer.position)}
    return Response(None, status_code=204, headers=headers)


async def _visible(request: Asking, region: Region, schedule: UUID) -> CatalogueRow[Schedule]:
    """From memory while it waits, then from its table. Raises NotFound, Unavailable."""
    row = region.readside.models.catalogue.get(Schedule, str(schedule))
    if row is None:
        await reach_tables(region.readside, None)
        for found in await region.select(schedules.GET, {"id": str(schedule)}):
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


def _view(region: Region, row: CatalogueRow[Schedule]) -> ScheduleView:
    schedule = row.state
    return ScheduleView(
        id=UUID(row.id),
        server=schedule.server,
        server_name=region.readside.server_name(schedule.server),
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
