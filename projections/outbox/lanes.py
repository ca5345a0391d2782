"""The outbox as relays work it off: a lane a host, held by one relay at a time, in order."""

from __future__ import annotations

from typing import LiteralString

import msgspec

from domain.server import Step
from domain.shared.size import Size

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

# With each message comes the fact that asks for it, and the hash that this one follows from.
# `sent` is noted before the first call: what was never sent cannot have an unknown outcome. Rows
# are locked before they are judged, or one that is being withheld would be sent all the same.
TAKE: LiteralString = """
WITH next AS (
    SELECT operation, position, sent FROM outbox
    WHERE host = %(host)s AND due <= now() AND operation <> ALL(%(busy)s)
      AND (sent OR deadline > now() + %(margin)s)
      AND EXISTS (SELECT FROM lanes WHERE host = %(host)s AND held_by = %(relay)s)
    ORDER BY position LIMIT %(limit)s FOR UPDATE
)
UPDATE outbox SET attempts = attempts + 1, sent = true
FROM next
LEFT JOIN facts ON facts.position = next.position
LEFT JOIN facts AS before ON before.position = next.position - 1
WHERE outbox.operation = next.operation
RETURNING server, outbox.operation, ask, to_host, host, outbox.position,
          CASE WHEN vcpus > 0
               THEN jsonb_build_object('vcpus', vcpus, 'memory_mib', memory_mib)
          END AS size,
          extract(epoch FROM deadline - now())::float8 AS expires,
          details, attempts, next.sent AS sent_before,
          deadline, facts.position, facts.stream, facts.version, facts.kind, facts.body, facts.at,
          facts.by, facts.because, facts.snapshot, facts.hash, before.hash
"""

# The same of one position, for a row that was waited for: it may be newer than what the statement
# that waited sees of the log.
FACT: LiteralString = """
SELECT facts.position, facts.stream, facts.version, facts.kind, facts.body, facts.at,
       facts.by, facts.because, facts.snapshot, facts.hash, before.hash
FROM facts LEFT JOIN facts AS before ON before.position = facts.position - 1
WHERE facts.position = %(position)s
"""

RENEW: LiteralString = """
UPDATE lanes SET held_until = now() + %(lease)s WHERE held_by = %(relay)s AND host = ANY(%(hosts)s)
RETURNING host
"""

# Nothing was sent this time: the operation may still end as never sent. Who has taken it last, by
# the count of attempts, alone may say so, and of the step of it that stands at that position only.
PUT_BACK: LiteralString = """
UPDATE outbox SET due = now() + %(wait)s, sent = %(sent)s
WHERE operation = %(operation)s AND position = %(position)s AND attempts = %(attempts)s
"""

# Who is to say that a first attempt came to nothing must have been the last to take it: another
# relay may be in the middle of its own. Until the report is heard nobody takes it.
LAST_WORD: LiteralString = """
UPDATE outbox SET due = now() + %(wait)s
WHERE operation = %(operation)s AND position = %(position)s AND attempts = %(attempts)s
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
SELECT server, operation, ask, to_host, host, sent, coalesce(lanes.last_error, '')
FROM outbox LEFT JOIN lanes USING (host)
WHERE deadline <= now() ORDER BY deadline LIMIT 1000
"""

# Nobody takes it from now on; should the fact that cancels it not be written, it is overdue in
# time, and ends as never sent. What is only read back was sent before: nobody knows its outcome.
WITHHOLD: LiteralString = """
UPDATE outbox SET due = 'infinity'
WHERE operation = %(operation)s AND NOT sent AND ask <> 'read-back'
"""

LANES: LiteralString = """
SELECT lanes.host, held_by, held_until > now() AS held, failures, rests_until > now() AS resting,
       last_error, count(outbox.operation) AS waiting, min(outbox.position) AS oldest
FROM lanes LEFT JOIN outbox ON outbox.host = lanes.host
GROUP BY lanes.host ORDER BY lanes.host
"""


class Message(Step, frozen=True, kw_only=True):
    """A step as a relay takes it to a hypervisor host.

    ``expires``: when its deadline passes, in seconds of this machine's steady clock; from the
    database come the seconds that are left.

    ``size``: what is asked for; None: it is not about a size. ``details``: `Details` as JSON, of
    a server to be built. ``sent_before``: an earlier attempt may have reached the hypervisor.
    """

    host: str
    position: int
    size: Size | None
    expires: float
    details: str
    attempts: int
    sent_before: bool


class Overdue(Step, frozen=True, kw_only=True):
    """The step of an operation that has not ended by its deadline. ``sent``: a hypervisor may
    have been asked."""

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
