"""Watches the hosts of a region, each in one process at a time, for what others do there."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from time import monotonic

import psycopg

from adapters.hypervisors.registry import DriverRegistry
from adapters.relay.watch.watch_books import NotClaimed, WatchBooks
from adapters.relay.watch.watch_host import HostWatch
from adapters.relay.watch.watch_pace import WatchPace
from adapters.relay.watch.watch_telling import ObservationReporter

_log = logging.getLogger(__name__)

# A host that hangs is not waited for: its thread ends by itself when the driver gives up.
_PARTING = 1.0


class HostWatchers:
    """One process's part. Several share the hosts: what one holds, another takes when it dies."""

    def __init__(
        self,
        dsn: str,
        *,
        hosts: DriverRegistry,
        leader: Callable[[], str | None],
        token: str,
        pace: WatchPace | None = None,
    ) -> None:
        self._hosts = hosts
        self._pace = pace or WatchPace()
        self._books = WatchBooks(dsn)
        self._telling = ObservationReporter(leader=leader, token=token)
        self._watches: dict[str, HostWatch] = {}
        self._stopping = threading.Event()

    @property
    def watched(self) -> list[str]:
        """The hosts that this one watches now."""
        return sorted(self._watches)

    def run(self) -> None:
        """Until `stop`, in the caller's thread."""
        while not self._stopping.is_set():
            try:
                self._share(self._books.claim(self._hosts.names))
            except (NotClaimed, psycopg.Error) as e:
                _log.warning("no host is watched: %s", e)
                self._share(set())
            except Exception:  # noqa: BLE001 (nothing may end this loop)
                _log.exception("the watch goes on")
            self._stopping.wait(self._pace.claim)
        self._end()

    def stop(self) -> None:
        self._stopping.set()

    def _share(self, claimed: set[str]) -> None:
        for lost in self._watches.keys() - claimed:
            self._watches.pop(lost).stop()
        for host in claimed - self._watches.keys():
            self._watches[host] = HostWatch(
                host,
                self._hosts.driver,
                books=self._books,
                telling=self._telling,
                pace=self._pace,
            )
            self._watches[host].start()

    def _end(self) -> None:
        watches, self._watches = list(self._watches.values()), {}
        for one in watches:
            one.stop()
        ends = monotonic() + _PARTING
        for one in watches:
            one.join(max(0.0, ends - monotonic()))
        self._books.close()
        self._telling.close()
