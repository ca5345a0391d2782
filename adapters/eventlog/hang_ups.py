"""Watches the session that writes: a call that hangs is ended, and the end of a lease told."""

from __future__ import annotations

import logging
import threading

from adapters.eventlog.store import EventLog

_log = logging.getLogger(__name__)

_EVERY = 0.5


class HangUps:
    """A thread of its own: the sequencer's waits in the very call that hangs."""

    def __init__(self, log: EventLog) -> None:
        self._event_log = log
        self._leads = False
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="hang-ups", daemon=True)

    def start(self) -> None:
        """Start looking."""
        self._thread.start()

    def stop(self) -> None:
        """Stop looking, and wait for the thread."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(_EVERY):
            try:
                self._event_log.hang_up()
                self._tell()
            except Exception:  # noqa: BLE001 (nothing may end this thread)
                _log.exception("a call that hangs cannot be ended")

    def _tell(self) -> None:
        """At the first moment: one that was stopped wakes without knowing that it was."""
        leads = self._event_log.is_current()
        if self._leads and not leads:
            _log.warning("this process leads no more: its lease is over, or its session ended")
        self._leads = leads
