"""Holds lanes, keeps several calls of each in flight, and lets none hold up another."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from queue import Empty, SimpleQueue
from time import monotonic
from typing import TypeVar
from uuid import UUID

import psycopg

from adapters.hypervisors.registry import DriverRegistry
from adapters.relay.carry.carry import Again, carry
from adapters.relay.in_flight import InFlight
from adapters.relay.lanes import Lanes
from adapters.relay.listener import Listener
from adapters.relay.pace import Pace
from adapters.relay.refusals import TokenRefusals
from adapters.relay.reporter import Reporter
from adapters.relay_wire import Failed, ReportedOutcome
from projections.outbox.lanes import Message

_log = logging.getLogger(__name__)

T = TypeVar("T")


class Relay:
    """One process's relay. Several share the lanes of a region."""

    def __init__(
        self,
        dsn: str,
        *,
        name: str,
        hosts: DriverRegistry,
        leader: Callable[[], str | None],
        token: str,
        pace: Pace | None = None,
    ) -> None:
        self._dsn = dsn
        self._hosts = hosts
        self._pace = pace or Pace()
        lease = timedelta(seconds=self._pace.lease)
        self._lanes = Lanes(dsn, relay=name, hosts=hosts.names, lease=lease)
        self._flight = InFlight()
        self._failures: dict[str, int] = {}
        self._done: SimpleQueue[tuple[Message, ReportedOutcome | Again]] = SimpleQueue()
        self._told: SimpleQueue[tuple[UUID, bool]] = SimpleQueue()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._pool = ThreadPoolExecutor(self._pace.threads, thread_name_prefix="carry")
        self.refusals = TokenRefusals(self.stop)
        self._reporter = Reporter(
            leader=leader, token=token, heard=self._heard, refusals=self.refusals
        )
        self._renewed = 0.0

    def run(self) -> None:
        """Until `stop`, or until `refusals` are enough, in the caller's thread."""
        listener = Listener(
            self._dsn, wake=self._wake, stopping=self._stopping, idle=self._pace.idle
        )
        listener.start()
        self._reporter.start()
        while not self._stopping.is_set():
            try:
                self._step()
            except psycopg.Error as e:
                _log.warning("the outbox cannot be reached: %s", e)
                self._stopping.wait(self._pace.idle)
            except Exception:  # noqa: BLE001 (nothing may end this loop)
                _log.exception("the relay goes on")
                self._stopping.wait(self._pace.idle)
            self._wake.wait(self._pace.idle)
            self._wake.clear()
        self._end()
        listener.join()

    def stop(self) -> None:
        self._stopping.set()
        self._wake.set()

    def _step(self) -> None:
        self._settle()
        self._keep_leases()
        for host in self._lanes.hold(most=self._pace.lanes):
            self._fill(host)
        for host in list(self._flight.queued):
            for ask in self._flight.started(host, self._pace.slots):
                self._pool.submit(self._carry, ask)

    def _fill(self, host: str) -> None:
        queue = self._flight.queued.setdefault(host, [])
        room = self._pace.ahead - len(queue)
        if room <= 0:
            return
        queue += self._lanes.take(
            host,
            busy=self._flight.busy(host),
            limit=room,
            margin=timedelta(seconds=min(self._pace.call_seconds, 5.0)),
        )

    def _carry(self, ask: Message) -> None:
        self._done.put((ask, carry(ask, self._hosts, call_seconds=self._pace.call_seconds)))
        self._wake.set()

    def _settle(self) -> None:
        for ask, became in _drain(self._done):
            self._flight.calling[ask.host].discard(ask.operation)
            if isinstance(became, Again):
                self._again(ask, became)
            elif isinstance(became, Failed) and not self._lanes.has_the_last_word(ask):
                _log.warning("%s on %s is carried by another relay", ask.operation, ask.host)
            else:
                self._flight.unheard[ask.operation] = ask
                self._reporter.report(became)
                self._well(ask.host)
        for operation, taken in _drain(self._told):
            told = self._flight.unheard.pop(operation, None)
            if told and not taken:
                self._lanes.put_back(told, sent=True)

    def _again(self, ask: Message, again: Again) -> None:
        _log.info("again: %s on %s: %s", ask.operation, ask.host, again.why)
        self._lanes.put_back(ask, sent=again.sent)
        if not again.unreachable or ask.host not in self._flight.queued:
            return  # the calls that were in flight with the first are no failures of their own
        failures = self._failures.get(ask.host, 0)
        self._failures[ask.host] = failures + 1
        self._lanes.rest(ask.host, failures, again.why)
        # What was taken ahead goes back: it waits with its lane, and was not sent.
        for waiting in self._flight.queued.pop(ask.host, []):
            self._lanes.put_back(waiting, sent=False, in_place=True)

    def _well(self, host: str) -> None:
        if self._failures.pop(host, 0):
            self._lanes.well(host)

    def _keep_leases(self) -> None:
        """Also of lanes with nothing due, while calls of theirs are in flight. What waits in a
        lane that another relay has taken in the meantime is its own to carry."""
        if monotonic() - self._renewed > self._pace.lease / 4:
            busy = self._flight.busy_hosts()
            for lost in set(busy).difference(self._lanes.renew(busy)):
                self._flight.queued.pop(lost, None)
            self._renewed = monotonic()

    def _heard(self, operations: Iterable[UUID], *, taken: bool) -> None:
        """In the reporter's thread. What was not taken is carried again, after a while."""
        for operation in operations:
            self._told.put((operation, taken))
        self._wake.set()

    def _end(self) -> None:
        """Finish the calls in flight, tell what became of them, give the lanes back."""
        self._pool.shutdown(wait=True)
        try:
            self._settle()
            for waiting in self._flight.waiting():
                self._lanes.put_back(waiting, sent=False, in_place=True)
            self._lanes.let_go()
        except psycopg.Error as e:
            _log.warning("the lanes are given back by their lease: %s", e)
        self._reporter.stop()
        self._lanes.close()


def _drain(queue: SimpleQueue[T]) -> Iterable[T]:
    while True:
        try:
            yield queue.get_nowait()
        except Empty:
            return
