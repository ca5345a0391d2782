"""What each event of a server asks of a hypervisor, and which events end that."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from domain.catalogue.image import MEMORY_DEVICE
from domain.server import (
    BuildFailed,
    BuildRequested,
    Built,
    Deleted,
    DeleteFailed,
    DeleteRequested,
    Migrated,
    OperationCancelled,
    OutcomeUnknown,
    PowerChanged,
    PowerFailed,
    PowerRequested,
    ReadBackRequested,
    ScaleConfirmed,
    ScaleFailed,
    ScalePartlyApplied,
    ScaleRequested,
    ScaleRetried,
)
from domain.server import (
    StepKind as Asked,
)
from domain.shared.size import Size

# How the table says that no size is asked for.
_NO_SIZE = Size(0, 0)

NO_DEADLINE = datetime.max.replace(tzinfo=UTC)

_json = msgspec.json.Encoder().encode


AskingEvent = (
    ScaleRequested
    | ScaleRetried
    | Migrated
    | ReadBackRequested
    | OutcomeUnknown
    | BuildRequested
    | DeleteRequested
    | PowerRequested
)
Ending = (
    ScaleConfirmed
    | ScalePartlyApplied
    | ScaleFailed
    | OperationCancelled
    | Built
    | BuildFailed
    | Deleted
    | DeleteFailed
    | PowerChanged
    | PowerFailed
)


class Details(msgspec.Struct, frozen=True, kw_only=True):
    """What a server is built from, beside its size."""

    name: str
    ceiling: Size
    template: str
    memory_by: str


def what_of(event: AskingEvent) -> Asked:  # noqa: PLR0911 (one line a kind of fact)
    match event:
        case ScaleRequested(mode="migrate") | ScaleRetried():
            return "migrate"
        case ScaleRequested(mode="restart"):
            return "restart"
        case ScaleRequested() | Migrated():
            return "reconfigure"
        case ReadBackRequested() | OutcomeUnknown():
            return "read-back"
        case BuildRequested():
            return "build"
        case DeleteRequested():
            return "delete"
        case PowerRequested(power=power):
            return "start" if power == "running" else "stop"


def size_of(event: AskingEvent) -> Size:
    match event:
        case BuildRequested(size=size):
            return size
        case DeleteRequested() | PowerRequested():
            return _NO_SIZE
        case _:
            return event.to


def deadline_of(event: AskingEvent) -> datetime:
    """When it is given up. What is of unknown outcome is read back for as long as it takes."""
    return NO_DEADLINE if isinstance(event, OutcomeUnknown) else event.deadline


def details_of(event: AskingEvent) -> str:
    if not isinstance(event, BuildRequested):
        return ""
    image = event.spec.image
    details = Details(
        name=event.name,
        ceiling=event.ceiling or event.size,
        template=event.template,
        memory_by=image.properties.get(MEMORY_DEVICE, "dimm") if image else "dimm",
    )
    return _json(details).decode()
