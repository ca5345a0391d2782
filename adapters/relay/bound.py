"""Whether a message says what a fact of the log asks for, before anything is done about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from adapters.eventlog import chain
from adapters.eventlog.mapper import FactMapper
from adapters.eventlog.rows import fact_of
from projections.outbox.bound import HypervisorAsk, asked_by
from projections.outbox.lanes import Message


class TakenMessage(NamedTuple):
    """A message as it was taken, with its deadline and the row of its fact.

    ``fact``: position, stream, version, kind, body, at, by, because, the digest of its
    snapshot, its hash, the hash before it; None all of them where the log has no such position.
    """

    message: Message
    deadline: datetime
    fact: Sequence[Any]


def forged(taken: TakenMessage, mapper: FactMapper) -> str | None:
    """What is wrong with it; None: a fact that is chained into the log asks for this very thing."""
    *row, snapshot, digest, before = taken.fact
    if row[0] is None:
        return f"there is no fact at position {taken.message.position}"
    stored = fact_of(row, snapshot)
    if before is None and stored.id > 1:
        return f"the fact at position {stored.id} follows none"
    if chain.link(before or chain.GENESIS, stored) != digest:
        return f"the fact at position {stored.id} is not the one that was chained there"
    if asked_by(str(stored.originator_id), mapper.fact(stored).event) != _asks(taken):
        return f"the fact at position {stored.id} does not ask for it"
    return None


def _asks(taken: TakenMessage) -> HypervisorAsk:
    message = taken.message
    return HypervisorAsk(
        server=message.server,
        operation=message.operation,
        ask=message.ask,
        host=message.host,
        to_host=message.to_host,
        size=message.size,
        details=message.details,
        deadline=taken.deadline,
    )
