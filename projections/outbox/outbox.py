"""What hypervisors are to be asked: added with the fact that asks, gone with the fact that ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, LiteralString, get_args
from uuid import UUID

from domain.shared.events import Fact
from projections.outbox.asks import AskingEvent, Ending, deadline_of, details_of, size_of, what_of
from projections.table import Columns, WrittenWithFacts

_ADD: LiteralString = """
INSERT INTO outbox (
    operation, position, ask, host, server, vcpus, memory_mib, deadline, to_host, details
)
SELECT * FROM unnest(
    %(out_operation)b::uuid[], %(out_position)b::bigint[], %(out_ask)b::text[],
    %(out_host)b::text[], %(out_server)b::uuid[], %(out_vcpus)b::int[],
    %(out_memory_mib)b::int[], %(out_deadline)b::timestamptz[], %(out_to_host)b::text[],
    %(out_details)b::text[]
)
ON CONFLICT (operation) DO UPDATE
SET position = excluded.position, ask = excluded.ask, host = excluded.host,
    vcpus = excluded.vcpus, memory_mib = excluded.memory_mib, deadline = excluded.deadline,
    to_host = excluded.to_host, details = excluded.details,
    due = '-infinity', attempts = 0, sent = false
"""

_ADD_LANES: LiteralString = """
INSERT INTO lanes (host) SELECT unnest(%(lane_host)b::text[]) ON CONFLICT DO NOTHING
"""

_END: LiteralString = """
DELETE FROM outbox WHERE operation = ANY(%(ended_operation)b::uuid[])
"""


# Looked up for every fact that is written.
_ASKING: frozenset[type] = frozenset(get_args(AskingEvent))
_TOLD = _ASKING | frozenset(get_args(Ending))


def _last(facts: Sequence[Fact[Any]]) -> list[Fact[Any]]:
    """The last word of a batch on each operation: one statement can touch a row only once."""
    last = {
        f.event.operation: f
        for f in facts
        if type(f.event) in _TOLD and f.event.operation is not None
    }
    return list(last.values())


def _asks(facts: Sequence[Fact[Any]]) -> Columns:
    asks = [f for f in _last(facts) if type(f.event) in _ASKING]
    events = [f.event for f in asks]
    sizes = [size_of(e) for e in events]
    return {
        "out_operation": [e.operation for e in events],
        "out_position": [f.position for f in asks],
        "out_ask": [what_of(e) for e in events],
        "out_host": [e.host for e in events],
        "out_server": [UUID(f.stream.partition(":")[2]) for f in asks],
        "out_vcpus": [size.vcpus for size in sizes],
        "out_memory_mib": [size.memory_mib for size in sizes],
        "out_deadline": [deadline_of(e) for e in events],
        "out_to_host": [getattr(e, "to_host", None) for e in events],
        "out_details": [details_of(e) for e in events],
    }


def _lanes(facts: Sequence[Fact[Any]]) -> Columns:
    return {"lane_host": sorted({f.event.host for f in facts if type(f.event) in _ASKING})}


def _ended(facts: Sequence[Fact[Any]]) -> Columns:
    ends = [f.event.operation for f in _last(facts) if type(f.event) not in _ASKING]
    return {"ended_operation": ends}


WRITTEN: tuple[WrittenWithFacts, ...] = (
    WrittenWithFacts("asked", _ADD, _asks),
    WrittenWithFacts("lanes", _ADD_LANES, _lanes),
    WrittenWithFacts("ended", _END, _ended),
)
