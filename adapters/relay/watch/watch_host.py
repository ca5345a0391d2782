"""Watches one host: sweeps it now and then, and looks at once where its events point."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from time import monotonic
from uuid import UUID

import psycopg

from adapters.hypervisors.driver import Driver
from adapters.hypervisors.failures import Failure
from adapters.relay.watch.sweep import host_told, look, sweep
from adapters.relay.watch.watch_books import NotClaimed, WatchBooks
from adapters.relay.watch.watch_pace import WatchPace
from adapters.relay.watch.watch_telling import NotHeard, ObservationReporter
from domain.server.drifting import is_busy
from projections.host_books import OperationProgress

_log = logging.getLogger(__name__)


class HostWatch:
    """One thread. What is told is looked at again until the books say it, so that nothing is lost
    with an answer, a leader, or a look that came between two facts of ours."""

    def __init__(
        self,
        host: str,
        driver: Callable[[str], Driver],
        *,
        books: WatchBooks,
        telling: ObservationReporter,
        pace: WatchPace,
    ) -> None:
        self._host = host
        self._driver = driver
        self._books = books
        self._telling = telling
        self._pace = pace
        self._pending: dict[UUID, int] = {}
        """What is to be looked at. It is done with when nothing differs from tables that have come
        to this position; 0: not looked at yet."""
        self._sweep_at = self._look_at = monotonic()
        self._looks = self._sweeps_again = self._failures = 0
        self._end_events: Callable[[], None] | None = None
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"watch {host}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Does not wait: it may be asking a host that hangs."""
        self._stopping.set()
        self._wake.set()

    def join(self, within: float) -> None:
        self._thread.join(within)

    def changed(self, server: UUID) -> None:
        """Something may have happened to it. Called in the hypervisor's own thread, so it only
        takes note."""
        with self._lock:
            if not self._pending or self._looks:
                self._look_at = monotonic() + self._pace.gather
            self._looks = 0
            self._pending[server] = 0
        self._wake.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._step()
            except (Failure, NotClaimed, NotHeard, psycopg.Error) as e:
                self._rest(e)
            except Exception as e:  # noqa: BLE001 (nothing may end this thread)
                _log.exception("the watch of %s goes on", self._host)
                self._rest(e)
            self._wake.wait(max(0.0, self._next() - monotonic()))
            self._wake.clear()
        self._no_events()

    def _step(self) -> None:
        if monotonic() >= self._sweep_at:
            self._sweep()
        if self._pending and monotonic() >= self._look_at:
            self._look()

    def _next(self) -> float:
        return min(self._sweep_at, self._look_at) if self._pending else self._sweep_at

    def _sweep(self) -> None:
        driver = self._driver(self._host)
        self._events(driver)
        swept = sweep(self._host, driver, self._books)
        told = self._telling.of_servers(swept.differ)
        self._look_again(dict.fromkeys(told | self._of_another_host(swept.strangers), 0))
        self._sweep_at = monotonic() + self._pace.sweep
        self._tell_host(driver)
        self._well()

    def _of_another_host(self, strangers: set[UUID]) -> set[UUID]:
        rows = self._books.servers(strangers) if strangers else []
        return {r.id for r in rows if r.state.host != self._host and not is_busy(r.state)}

    def _tell_host(self, driver: Driver) -> None:
        if (told := host_told(self._host, driver, self._books)) is None:
            self._sweeps_again = 0
            return
        self._telling.of_host(told)
        self._sweep_at = monotonic() + self._pace.sweep_again(self._sweeps_again)
        self._sweeps_again += 1

    def _look(self) -> None:
        with self._lock:
            waiting, self._pending = self._pending, {}
        try:
            looked = look(self._host, self._driver(self._host), self._books, waiting)
            told = self._telling.of_servers(looked.differ)
        except BaseException:
            self._look_again(waiting)
            raise
        unsure = _unsure(waiting, looked.progress)
        self._look_again(unsure | dict.fromkeys(told | looked.busy, 0))
        self._well()

    def _look_again(self, servers: dict[UUID, int]) -> None:
        """With what has come in the meantime, if that is to be looked at sooner."""
        with self._lock:
            if not servers:
                self._looks = 0
                return
            soon = monotonic() + self._pace.look_again(self._looks)
            self._look_at = min(soon, self._look_at) if self._pending else soon
            self._pending = servers | self._pending
            self._looks += 1

    def _rest(self, why: Exception) -> None:
        """Until it is asked again; then it is swept, for nobody knows what happened since."""
        if not self._failures:
            _log.warning("%s is not watched: %s: %s", self._host, type(why).__name__, why)
        self._sweep_at = self._look_at = monotonic() + self._pace.rest(self._failures)
        self._failures += 1

    def _well(self) -> None:
        if self._failures:
            _log.info("%s is watched again", self._host)
            self._failures = 0

    def _events(self, driver: Driver) -> None:
        """Without them it is swept all the same."""
        if self._end_events is not None:
            return
        try:
            self._end_events = driver.watch(self.changed)
        except Exception as e:  # noqa: BLE001 (whatever it was, the sweep is what counts)
            _log.warning("%s tells no events: %s: %s", self._host, type(e).__name__, e)

    def _no_events(self) -> None:
        if self._end_events is None:
            return
        try:
            self._end_events()
        except Exception as e:  # noqa: BLE001 (the host may be away; then they have ended)
            _log.info("%s: its events ended with %s", self._host, e)


def _unsure(waiting: dict[UUID, int], progress: OperationProgress) -> dict[UUID, int]:
    """Those for which the tables may still be too old: a server may be as it was before what the
    log knows already, and so agree with them alone."""
    upto = {server: position or progress.head for server, position in waiting.items()}
    return {server: position for server, position in upto.items() if position > progress.saved}
