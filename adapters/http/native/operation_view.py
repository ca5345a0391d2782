"""An operation as it is shown: what was asked, and how it ended."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from adapters.http.gateway.parts.reads import Reads
from domain.server import Consent, Mode, OperationKind
from domain.shared.size import GuestView, Size
from projections.operations import OperationRow, State


class OperationView(msgspec.Struct, frozen=True, kw_only=True):
    """``size`` and ``guest`` are what was read back at the end; times are UTC.

    ``seen_by_guest``: whether the guest has what was applied, as far as it tells.
    """

    id: UUID
    server: UUID
    server_name: str | None
    project: str
    host: str
    kind: OperationKind
    mode: Mode
    consent: Consent
    to_host: str | None
    state: State
    was: Size
    to: Size
    size: Size | None
    guest: GuestView | None
    seen_by_guest: bool | None
    reason: str | None
    by: str
    requested: datetime
    deadline: datetime
    ended: datetime | None
    position: int


def view_operation(reads: Reads, row: OperationRow) -> OperationView:
    return OperationView(
        id=row.id,
        server=row.server,
        server_name=reads.readside.server_name(row.server),
        project=row.project,
        host=row.host,
        kind=row.kind,
        mode=row.mode,
        consent=row.consent,
        to_host=row.to_host,
        state=row.state,
        was=row.was,
        to=row.to,
        size=row.size,
        guest=row.guest,
        seen_by_guest=row.seen_by_guest,
        reason=row.reason,
        by=row.by,
        requested=row.requested,
        deadline=row.deadline,
        ended=row.ended,
        position=row.position,
    )
