"""What each event of a server asks of a hypervisor, and which events end that."""

from __future__ import annotations

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
_json = msgspec.json.Encoder().encode


AskingEvent = (
    ScaleRequested
    | ScaleRetried
    | Migrated
    | ReadBackRequested
    | BuildRequested
    | DeleteRequested
    | PowerRequested
)
Ending = (
    ScaleConfirmed
    | ScalePartlyApplied
    | ScaleFailed
    | OutcomeUnknown
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
        case ReadBackRequested():
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
