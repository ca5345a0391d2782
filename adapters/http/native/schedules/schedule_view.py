"""A schedule as the native API shows it to those who may see it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from adapters.http.gateway.dispatch import (
    Asking,
    actor_of,
)
from adapters.http.gateway.parts.reads import Reads
from adapters.http.gateway.policy import must_see
from adapters.http.native.problems import document
from adapters.readside.tables import catalogue_row
from domain.schedules.schedule import Schedule
from domain.schedules.schedule_refusals import ScheduleState
from domain.server import Consent
from domain.shared.errors import NotFound
from domain.shared.size import Size
from projections import schedules
from projections.catalogue import CatalogueRow


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


async def found_schedule(request: Asking, reads: Reads, schedule: UUID) -> CatalogueRow[Schedule]:
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


def view_schedule(reads: Reads, row: CatalogueRow[Schedule]) -> ScheduleView:
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
