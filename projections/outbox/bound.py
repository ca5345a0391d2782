"""Each message is bound to the fact that asks for it: what no fact asks for is not carried out."""

from __future__ import annotations

from datetime import datetime
from typing import Any, LiteralString, NamedTuple, get_args
from uuid import UUID

from domain.shared.size import Size
from projections.outbox.asks import AskingEvent, deadline_of, details_of, size_of, what_of

# Nobody takes it again; an operator finds it, and it ends by its deadline.
SET_ASIDE: LiteralString = """
UPDATE outbox SET due = 'infinity' WHERE operation = %(operation)s AND position = %(position)s
"""

_ASKING = get_args(AskingEvent)


class HypervisorAsk(NamedTuple):
    """All that a message says of what is to be done."""

    server: UUID
    operation: UUID
    ask: str
    host: str
    to_host: str | None
    size: Size | None
    details: str
    deadline: datetime


def asked_by(stream: str, event: Any) -> HypervisorAsk | None:
    """What the fact in this stream asks; None: it asks nothing of a hypervisor."""
    if not isinstance(event, _ASKING):
        return None
    size = size_of(event)
    return HypervisorAsk(
        server=UUID(stream.partition(":")[2]),
        operation=event.operation,
        ask=what_of(event),
        host=event.host,
        to_host=getattr(event, "to_host", None),
        size=size if size.vcpus > 0 else None,
        details=details_of(event),
        deadline=deadline_of(event),
    )
