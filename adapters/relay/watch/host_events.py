"""The events of one host: hints at what to look at, without which it is swept all the same."""

from __future__ import annotations

import logging
from collections.abc import Callable
from uuid import UUID

from adapters.hypervisors.driver import Driver

_log = logging.getLogger(__name__)


class HostEvents:
    """``changed`` is called in the hypervisor's own thread. Whatever its driver raises is kept."""

    def __init__(self, host: str, changed: Callable[[UUID], None]) -> None:
        self._host = host
        self._changed = changed
        self._end: Callable[[], None] | None = None
        self._missing = self._logged = ""

    def begin(self, driver: Driver) -> None:
        """Hear of them, if that is not so already."""
        if self._end is not None:
            return
        self._missing = ""
        try:
            self._end = driver.watch(self._changed)
        except Exception as e:  # noqa: BLE001 (whatever it was, the sweep is what counts)
            self._missing = f"{type(e).__name__}: {e}"

    def log(self) -> None:
        """Whether there are any, once on change. To be called when the host has answered: of one
        that does not, nobody expects events."""
        if self._missing == self._logged:
            return
        if self._missing:
            _log.warning("host %s sends no events: %s", self._host, self._missing)
        else:
            _log.info("host %s sends events again", self._host)
        self._logged = self._missing

    def end(self) -> None:
        if self._end is None:
            return
        try:
            self._end()
        except Exception as e:  # noqa: BLE001 (the host may be away; then they have ended)
            _log.info("host %s: its events ended with %s", self._host, e)
