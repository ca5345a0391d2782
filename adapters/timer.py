"""The clock as a caller: ends what is overdue, forgets keys that are old."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import LiteralString
from uuid import uuid4

import msgspec
import psycopg

from adapters.connections import connect
from adapters.leadership.role import LeadingRole
from adapters.schedules import Schedules
from commands.command import Command
from commands.engine.request import NotLeader, Overloaded, Unavailable
from commands.engine.sequencer import Sequencer
from commands.operations.end_operation import ReportFailed
from commands.operations.give_up_operation import GiveUpOperation
from projections.outbox import lanes
from projections.outbox.lanes import Overdue

_log = logging.getLogger(__name__)

_TICK = 0.5
KEPT = timedelta(hours=48)
"""How long the answer to an Idempotency-Key is remembered."""

_FORGET: LiteralString = """
DELETE FROM idempotency_keys WHERE (owner, key) IN (
    SELECT owner, key FROM idempotency_keys WHERE at < %(before)s LIMIT 1000
)
"""


class Timer:
    """Works in the leader; others only wait."""

    def __init__(
        self,
        dsn: str,
        sequencer: Sequencer,
        schedules: Schedules,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._dsn = dsn
        self._sequencer = sequencer
        self._role = LeadingRole(sequencer)
        self._schedules = schedules
        self._now = now
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="timer", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(_TICK):
            if not self._role.leads():
                continue
            try:
                with connect(self._dsn) as connection:
                    self._serve(connection)
            except (psycopg.Error, NotLeader, Overloaded, Unavailable) as e:
                _log.warning("the timer tries again: %s", e)
            except Exception:  # noqa: BLE001 (nothing may end this thread)
                _log.exception("the timer goes on")

    def _serve(self, connection: psycopg.Connection) -> None:
        while self._role.leads() and not self._stopping.wait(_TICK):
            self._end_overdue(connection)
            self._schedules.run_due()
            connection.execute(_FORGET, {"before": self._now() - KEPT})

    def _end_overdue(self, connection: psycopg.Connection) -> None:
        fields = Overdue.__struct_fields__
        for row in connection.execute(lanes.OVERDUE).fetchall():
            try:
                overdue = msgspec.convert(dict(zip(fields, row, strict=True)), Overdue)
                self._sequencer.call(_end(overdue), by="timer", because=uuid4())
            except (NotLeader, Overloaded, Unavailable):
                raise
            except Exception:  # noqa: BLE001 (one that cannot be ended must not keep others open)
                _log.exception("operation %s cannot be ended", row[0])


def _end(overdue: Overdue) -> Command:
    """What was never sent has failed; of what may have been, the outcome is unknown."""
    why = f": {overdue.last_error}" if overdue.last_error else ""
    if overdue.sent or overdue.ask == "read-back":
        return GiveUpOperation(
            server=overdue.server,
            operation=overdue.operation,
            reason=f"no answer from the hypervisor by the deadline{why}",
        )
    return ReportFailed(
        step=overdue.bare(),
        reason=f"the hypervisor could not be asked before the deadline{why}",
    )
