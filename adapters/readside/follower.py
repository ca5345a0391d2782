"""Keeps memory up with the log, behind another process that leads and when taking over."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from time import monotonic
from typing import Any

from adapters.eventlog.forks import HistoryForked
from adapters.eventlog.store import EventLog
from adapters.readside.models import ReadSide
from commands.engine.store import WriterLost
from domain.shared.events import Fact

_log = logging.getLogger(__name__)

_STEP = 5_000
_PAUSE = 0.1
_CLOCK_EVERY = 1.0


class Follower:
    """Polls the log while this process does not lead; a leader gets facts from its own
    sequencer."""

    def __init__(self, log: EventLog, readside: ReadSide, *, leads: Callable[[], bool]) -> None:
        self._log = log
        self._readside = readside
        self._leads = leads
        self._told = monotonic()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="follower", daemon=True)

    def start(self) -> None:
        """Start following in a thread."""
        self._thread.start()

    def stop(self) -> None:
        """Stop the thread and wait for it."""
        self._stopping.set()
        self._thread.join()

    def tell_time(self) -> None:
        """Read the region's clock, which a leader reads with each batch. Raises WriterLost."""
        if (now := monotonic()) - self._told >= _CLOCK_EVERY:
            self._log.tell_time()
            self._told = now

    def catch_up(self) -> int:
        """Fold in all that the log has now; returns how many facts. Raises HistoryForked,
        WriterLost."""
        count = 0
        while facts := self._next():
            self._readside.publish(facts)
            count += len(facts)
        return count

    def _next(self) -> list[Fact[Any]]:
        models = self._readside.models
        if models.last is None:
            return self._log.facts(models.position, _STEP)
        return self._log.continued(models.last, _STEP)

    def _run(self) -> None:
        while not self._stopping.wait(_PAUSE):
            if self._leads():
                continue
            try:
                self.catch_up()
                self.tell_time()
            except HistoryForked:
                self._stopping.wait(1.0)  # said once, and looked at again: it may be mended
            except WriterLost as e:
                _log.warning("the log cannot be followed: %s", e)
                self._stopping.wait(1.0)
            except Exception:  # noqa: BLE001 (nothing may end this thread)
                _log.exception("the log cannot be followed")
                self._stopping.wait(1.0)
