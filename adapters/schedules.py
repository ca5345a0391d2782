"""What waits for its time is asked for when that has come; the timer's part of schedules."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from adapters.readside.models import ReadSide
from commands.engine.request import NotLeader, Overloaded, Unavailable
from commands.engine.sequencer import Sequencer
from commands.schedules.run_schedule import RunSchedule
from domain.schedules.schedule import Schedule
from domain.schedules.window import Window
from projections.catalogue import CatalogueRow

_log = logging.getLogger(__name__)


class Schedules:
    """For the leader, whose memory is as its log. ``operation_seconds``: an operation's longest."""

    def __init__(
        self,
        sequencer: Sequencer,
        readside: ReadSide,
        *,
        now: Callable[[], datetime],
        operation_seconds: float,
    ) -> None:
        self._sequencer = sequencer
        self._readside = readside
        self._now = now
        self._lasts = timedelta(seconds=operation_seconds)

    def run_due(self) -> None:
        """Ask for all whose time has come, the first due first.

        Raises NotLeader, Overloaded, Unavailable.
        """
        now = self._now()
        with self._readside.lock:
            waiting = self._readside.models.catalogue.all(Schedule)
        for row in sorted(waiting, key=lambda row: row.state.when.due):
            if self._is_to_be_run(row.state, now):
                self._run(row, now)

    def _is_to_be_run(self, schedule: Schedule, now: datetime) -> bool:
        """The command decides; this only keeps it from being asked in vain twice a second."""
        if self._window_changed(schedule):
            return True
        if not schedule.is_due(now):
            return False
        return now >= schedule.when.until or not self._is_busy(schedule.server)

    def _window_changed(self, schedule: Schedule) -> bool:
        if schedule.when.window is None:
            return False
        window = self._readside.models.catalogue.get(Window, schedule.when.window)
        return window is None or window.version != schedule.when.window_version

    def _is_busy(self, server: UUID) -> bool:
        row = self._readside.server(server)
        return row is not None and (row.state.operation or row.state.drift) is not None

    def _run(self, row: CatalogueRow[Schedule], now: datetime) -> None:
        try:
            command = RunSchedule(
                schedule=UUID(row.id), operation=uuid4(), deadline=now + self._lasts, now=now
            )
            self._sequencer.call(command, by="timer", because=uuid4())
        except (NotLeader, Overloaded, Unavailable):
            raise
        except Exception:  # noqa: BLE001 (one that cannot be asked for must not keep others back)
            _log.exception("schedule %s cannot be run", row.id)
