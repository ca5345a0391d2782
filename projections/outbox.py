"""What hypervisors are to be asked: added with the fact that asks, gone with the fact that ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, LiteralString
from uuid import UUID

import msgspec

from domain.events import Fact
from domain.server import (
    OutcomeUnknown,
    ReadBackRequested,
    ScaleConfirmed,
    ScaleFailed,
    ScalePartlyApplied,
    ScaleRequested,
)
from projections.table import Columns, WrittenWithFacts

_ADD: LiteralString = """
INSERT INTO outbox (operation, position, ask, host, server, vcpus, memory_mib, deadline)
SELECT * FROM unnest(
    %(out_operation)b::uuid[], %(out_position)b::bigint[], %(out_ask)b::text[],
    %(out_host)b::text[], %(out_server)b::uuid[], %(out_vcpus)b::int[],
    %(out_memory_mib)b::int[], %(out_deadline)b::timestamptz[]
)
ON CONFLICT (operation) DO UPDATE
SET position = excluded.position, ask = excluded.ask, deadline = excluded.deadline,
    due = '-infinity', attempts = 0, sent = false
"""

_ADD_LANES: LiteralString = """
INSERT INTO lanes (host) SELECT unnest(%(lane_host)b::text[]) ON CONFLICT DO NOTHING
"""

_END: LiteralString = """
DELETE FROM outbox WHERE operation = ANY(%(ended_operation)b::uuid[])
"""

# A relay holds a lane, never a single message: so the calls of one host start in order. A lane
# that another relay is just taking is skipped, not waited for.
HOLD_LANES: LiteralString = """
WITH free AS (
    SELECT host FROM lanes
    WHERE host = ANY(%(hosts)s)
      AND (held_until < now() OR held_by = %(relay)s) AND rests_until <= now()
      AND EXISTS (SELECT FROM outbox WHERE outbox.host = lanes.host AND due <= now())
    ORDER BY host LIMIT %(lanes)s FOR UPDATE SKIP LOCKED
)
UPDATE lanes SET held_by = %(relay)s, held_until = now() + %(lease)s
FROM free WHERE lanes.host = free.host
RETURNING lanes.host
"""

# `sent` is noted before the first call: what was never sent cannot have an unknown outcome.
TAKE: LiteralString = """
WITH next AS (
    SELECT operation, sent FROM outbox
    WHERE host = %(host)s AND due <= now() AND operation <> ALL(%(busy)s)
      AND (sent OR deadline > now() + %(margin)s)
      AND EXISTS (SELECT FROM lanes WHERE host = %(host)s AND held_by = %(relay)s)
    ORDER BY position LIMIT %(limit)s
)
UPDATE outbox SET attempts = attempts + 1, sent = true
FROM next WHERE outbox.operation = next.operation
RETURNING outbox.position, outbox.operation, ask, host, server, vcpus, memory_mib, deadline,
          attempts, next.sent AS sent_before
"""

RENEW: LiteralString = """
UPDATE lanes SET held_until = now() + %(lease)s WHERE held_by = %(relay)s AND host = ANY(%(hosts)s)
RETURNING host
"""

# Nothing was sent this time: the operation may still end as never sent. Who has taken it last, by
# the count of attempts, alone may say so.
PUT_BACK: LiteralString = """
UPDATE outbox SET due = now() + %(wait)s, sent = %(sent)s
WHERE operation = %(operation)s AND attempts = %(attempts)s
"""

REST_LANE: LiteralString = """
UPDATE lanes SET failures = failures + 1, rests_until = now() + %(wait)s, last_error = %(why)s
WHERE host = %(host)s
"""

LANE_WELL: LiteralString = """
UPDATE lanes SET failures = 0, last_error = '' WHERE host = %(host)s AND failures > 0
"""

LET_GO: LiteralString = """
UPDATE lanes SET held_until = '-infinity', held_by = '' WHERE held_by = %(relay)s
"""

OVERDUE: LiteralString = """
SELECT operation, server, ask, sent, coalesce(lanes.last_error, '')
FROM outbox LEFT JOIN lanes USING (host)
WHERE deadline <= now() ORDER BY deadline LIMIT 1000
"""

LANES: LiteralString = """
SELECT lanes.host, held_by, held_until > now() AS held, failures, rests_until > now() AS resting,
       last_error, count(outbox.operation) AS waiting, min(outbox.position) AS oldest
FROM lanes LEFT JOIN outbox ON outbox.host = lanes.host
GROUP BY lanes.host ORDER BY lanes.host
"""


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """One message to a hypervisor host. Memory in MiB, deadline in UTC.

    ``sent_before``: an earlier attempt may have reached the hypervisor.
    """

    position: int
    operation: UUID
    ask: Literal["reconfigure", "read-back"]
    host: str
    server: UUID
    vcpus: int
    memory_mib: int
    deadline: datetime
    attempts: int
    sent_before: bool


class Overdue(msgspec.Struct, frozen=True, kw_only=True):
    """An operation not ended by its deadline. ``sent``: a hypervisor may have been asked."""

    operation: UUID
    server: UUID
    ask: Literal["reconfigure", "read-back"]
    sent: bool
    last_error: str


class Lane(msgspec.Struct, frozen=True, kw_only=True):
    """One hypervisor host's queue, as an operator sees it."""

    host: str
    held_by: str
    held: bool
    failures: int
    resting: bool
    last_error: str
    waiting: int
    oldest: int | None


_Asking = ScaleRequested | ReadBackRequested
_Ending = ScaleConfirmed | ScalePartlyApplied | ScaleFailed | OutcomeUnknown


def _last(facts: Sequence[Fact[Any]]) -> list[Fact[Any]]:
    """The last word of a batch on each operation: one statement can touch a row only once."""
    last = {f.event.operation: f for f in facts if isinstance(f.event, _Asking | _Ending)}
    return list(last.values())


def _asks(facts: Sequence[Fact[Any]]) -> Columns:
    asks = [f for f in _last(facts) if isinstance(f.event, _Asking)]
    events = [f.event for f in asks]
    return {
        "out_operation": [e.operation for e in events],
        "out_position": [f.position for f in asks],
        "out_ask": [_what(e) for e in events],
        "out_host": [e.host for e in events],
        "out_server": [UUID(f.stream.partition(":")[2]) for f in asks],
        "out_vcpus": [e.to.vcpus for e in events],
        "out_memory_mib": [e.to.memory_mib for e in events],
        "out_deadline": [e.deadline for e in events],
    }


def _what(event: ScaleRequested | ReadBackRequested) -> str:
    return "reconfigure" if isinstance(event, ScaleRequested) else "read-back"


def _lanes(facts: Sequence[Fact[Any]]) -> Columns:
    return {"lane_host": sorted({f.event.host for f in facts if isinstance(f.event, _Asking)})}


def _ended(facts: Sequence[Fact[Any]]) -> Columns:
    ends = [f.event.operation for f in _last(facts) if isinstance(f.event, _Ending)]
    return {"ended_operation": ends}


WRITTEN: tuple[WrittenWithFacts, ...] = (
    WrittenWithFacts("asked", _ADD, _asks),
    WrittenWithFacts("lanes", _ADD_LANES, _lanes),
    WrittenWithFacts("ended", _END, _ended),
)
