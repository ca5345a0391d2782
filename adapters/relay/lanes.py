"""The lanes in PostgreSQL: one a host, held by one relay at a time, its messages in order."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import timedelta
from time import monotonic
from typing import Any, LiteralString
from uuid import UUID

import msgspec
import psycopg

from adapters.connections import connect
from adapters.eventlog.mapper import FactMapper
from adapters.relay.bound import TakenMessage, forged
from projections.outbox import lanes as sql
from projections.outbox.bound import SET_ASIDE
from projections.outbox.lanes import Message

_log = logging.getLogger(__name__)

LEASE = timedelta(seconds=10)
"""A relay that died gives its lanes up after this long."""

_UNHEARD = timedelta(seconds=60)
_FIRST_REST = 0.5
_LONGEST_REST = 15.0
_FIRST_WAIT = 0.25
_LONGEST_WAIT = 8.0
_LONGEST_LATE_WAIT = 300.0
_A_DAY = 86_400.0


class Lanes:
    """Not safe for threads: the relay's loop owns it. Raises psycopg.Error, then reconnects."""

    def __init__(
        self, dsn: str, *, relay: str, hosts: Iterable[str], lease: timedelta = LEASE
    ) -> None:
        self._dsn = dsn
        self._relay = relay
        self._hosts = list(hosts)
        self._lease = lease
        self._mapper = FactMapper()
        self._connection: psycopg.Connection | None = None

    def hold(self, *, most: int) -> list[str]:
        """Take or keep up to ``most`` lanes that have something due, and no open breaker."""
        values = {"relay": self._relay, "hosts": self._hosts, "lanes": most, "lease": self._lease}
        return sorted(host for (host,) in self._run(sql.HOLD_LANES, values).fetchall())

    def renew(self, hosts: Iterable[str]) -> list[str]:
        """Those of the lanes that are still held."""
        values = {"relay": self._relay, "hosts": list(hosts), "lease": self._lease}
        return [host for (host,) in self._run(sql.RENEW, values).fetchall()]

    def take(
        self, host: str, *, busy: Iterable[UUID], limit: int, margin: timedelta
    ) -> list[Message]:
        """The next messages of a lane that is held, in order, noted as sent.

        What was never sent is not begun when less than ``margin`` is left until its deadline.
        """
        values = {
            "host": host,
            "relay": self._relay,
            "busy": list(busy),
            "limit": limit,
            "margin": margin,
        }
        began = monotonic()  # so that a slow answer makes the time shorter, never longer
        taken = [_taken(row, began) for row in self._run(sql.TAKE, values).fetchall()]
        asks = [one.message for one in map(self._with_fact, taken) if self._is_bound(one)]
        return sorted(asks, key=lambda ask: ask.position)

    def _with_fact(self, taken: TakenMessage) -> TakenMessage:
        """Looks once more where none was seen: what was written at this moment has one."""
        if taken.fact[0] is not None:
            return taken
        row = self._run(sql.FACT, {"position": taken.message.position}).fetchone()
        return taken._replace(fact=row) if row else taken

    def _is_bound(self, taken: TakenMessage) -> bool:
        """Whether a fact asks for it. What none asks for is set aside, and told."""
        if (why := forged(taken, self._mapper)) is None:
            return True
        ask = taken.message
        _log.error(
            "a message is not carried out, for %s: %s of server %s on %s, operation %s; run "
            "ullage audit verify, and find out who wrote it",
            *(why, ask.ask, ask.server, ask.host, ask.operation),
        )
        self._run(SET_ASIDE, {"operation": ask.operation, "position": ask.position})
        return False

    def put_back(self, ask: Message, *, sent: bool, in_place: bool = False) -> None:
        """Have it asked again later, each time after a longer wait. ``in_place``: it was not begun,
        so it keeps its place. What another relay has taken since is left to that one."""
        wait = 0.0 if in_place else _wait(ask)
        values = {
            "operation": ask.operation,
            "position": ask.position,
            "attempts": ask.attempts,
            "sent": sent or ask.sent_before,
            "wait": timedelta(seconds=wait),
        }
        self._run(sql.PUT_BACK, values)

    def has_the_last_word(self, ask: Message) -> bool:
        """Whether no other relay has taken it since. Until what is said of it is heard, none will;
        and again after a while, should it never be heard."""
        values = {
            "operation": ask.operation,
            "position": ask.position,
            "attempts": ask.attempts,
            "wait": _UNHEARD,
        }
        return self._run(sql.LAST_WORD, values).rowcount == 1

    def rest(self, host: str, failures: int, why: str) -> None:
        """Open the breaker of a host that does not answer, each time for longer."""
        wait = min(_FIRST_REST * 2 ** min(failures, 10), _LONGEST_REST)
        self._run(sql.REST_LANE, {"host": host, "wait": timedelta(seconds=wait), "why": why})

    def well(self, host: str) -> None:
        """Close the breaker: the host has answered."""
        self._run(sql.LANE_WELL, {"host": host})

    def let_go(self) -> None:
        self._run(sql.LET_GO, {"relay": self._relay})

    def close(self) -> None:
        if self._connection:
            self._connection.close()
            self._connection = None

    def _run(self, sql: LiteralString, values: dict[str, Any]) -> psycopg.Cursor[Any]:
        if self._connection is None:
            self._connection = connect(self._dsn)
        try:
            return self._connection.execute(sql, values)
        except psycopg.Error:
            self.close()
            raise


def _wait(ask: Message) -> float:
    """Seconds. What is read back though its deadline has passed may wait for a host for days."""
    longest = _LONGEST_WAIT if ask.expires - monotonic() < _A_DAY else _LONGEST_LATE_WAIT
    return min(_FIRST_WAIT * 2.0 ** min(ask.attempts, 20), longest)


def _taken(row: Sequence[Any], began: float) -> TakenMessage:
    names = Message.__struct_fields__
    fields = dict(zip(names, row, strict=False))
    message = msgspec.convert(fields | {"expires": began + fields["expires"]}, Message)
    deadline, *fact = row[len(names) :]
    return TakenMessage(message, deadline, fact)
