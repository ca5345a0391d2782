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

import msgspec
import psycopg

from adapters.connections import connect
from adapters.hypervisors.registry import DriverRegistry
from adapters.relay.carry.carry import Again, carry
from adapters.relay.lanes import LEASE, Lanes
from adapters.relay.reporter import Reporter
from adapters.relay_wire import Failed, ReportedOutcome
from projections.outbox.lanes import Message

_log = logging.getLogger(__name__)

T = TypeVar("T")


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """``slots``: calls of one host at a time (libvirt serves five a connection, one is for
    reading). ``ahead``: messages of one host taken at once. Times in seconds."""

    slots: int = 4
    ahead: int = 8
    lanes: int = 64
    threads: int = 64
    idle: float = 0.5
    call_seconds: float = 30.0
    lease: float = LEASE.total_seconds()


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
        self._queued: dict[str, list[Message]] = {}
        self._calling: dict[str, set[UUID]] = {}
        self._unheard: dict[UUID, Message] = {}
        self._failures: dict[str, int] = {}
        self._done: SimpleQueue[tuple[Message, ReportedOutcome | Again]] = SimpleQueue()
        self._told: SimpleQueue[tuple[UUID, bool]] = SimpleQueue()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._pool = ThreadPoolExecutor(self._pace.threads, thread_name_prefix="carry")
        self._reporter = Reporter(leader=leader, token=token, heard=self._heard)
        self._renewed = 0.0

    def run(self) -> None:
        """Until `stop`, in the caller's thread."""
        listener = threading.Thread(target=self._listen, name="listener", daemon=True)
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
        for host in list(self._queued):
            self._send(host)

    def _fill(self, host: str) -> None:
        queue = self._queued.setdefault(host, [])
        room = self._pace.ahead - len(queue)
        if room <= 0:
            return
        queue += self._lanes.take(
            host,
            busy=self._busy(host),
            limit=room,
            margin=timedelta(seconds=min(self._pace.call_seconds, 5.0)),
        )

    def _send(self, host: str) -> None:
        """Start the next calls of a lane, in order, as far as its slots go."""
        queue, calling = self._queued[host], self._calling.setdefault(host, set())
        while queue and len(calling) < self._pace.slots:
            ask = queue.pop(0)
            calling.add(ask.operation)
            self._pool.submit(self._carry, ask)

    def _carry(self, ask: Message) -> None:
        self._done.put((ask, carry(ask, self._hosts, call_seconds=self._pace.call_seconds)))
        self._wake.set()

    def _settle(self) -> None:
        for ask, became in _drain(self._done):
            self._calling[ask.host].discard(ask.operation)
            if isinstance(became, Again):
                self._again(ask, became)
            elif isinstance(became, Failed) and not self._lanes.has_the_last_word(ask):
                _log.warning("%s on %s is carried by another relay", ask.operation, ask.host)
            else:
                self._unheard[ask.operation] = ask
                self._reporter.report(became)
                self._well(ask.host)
        for operation, taken in _drain(self._told):
            told = self._unheard.pop(operation, None)
            if told and not taken:
                self._lanes.put_back(told, sent=True)

    def _again(self, ask: Message, again: Again) -> None:
        _log.info("again: %s on %s: %s", ask.operation, ask.host, again.why)
        self._lanes.put_back(ask, sent=again.sent)
        if not again.unreachable or ask.host not in self._queued:
            return  # the calls that were in flight with the first are no failures of their own
        failures = self._failures.get(ask.host, 0)
        self._failures[ask.host] = failures + 1
        self._lanes.rest(ask.host, failures, again.why)
        # What was taken ahead goes back: it waits with its lane, and was not sent.
        for waiting in self._queued.pop(ask.host, []):
            self._lanes.put_back(waiting, sent=False, in_place=True)

    def _well(self, host: str) -> None:
        if self._failures.pop(host, 0):
            self._lanes.well(host)

    def _keep_leases(self) -> None:
        """Also of lanes with nothing due, while calls of theirs are in flight. What waits in a
        lane that another relay has taken in the meantime is its own to carry."""
        if monotonic() - self._renewed > self._pace.lease / 4:
            busy = [host for host in self._calling.keys() | self._queued if self._busy(host)]
            for lost in set(busy).difference(self._lanes.renew(busy)):
                self._queued.pop(lost, None)
            self._renewed = monotonic()

    def _busy(self, host: str) -> set[UUID]:
        unheard = {operation for operation, ask in self._unheard.items() if ask.host == host}
        queued = {ask.operation for ask in self._queued.get(host, [])}
        return unheard | queued | self._calling.get(host, set())

    def _heard(self, operations: Iterable[UUID], *, taken: bool) -> None:
        """In the reporter's thread. What was not taken is carried again, after a while."""
        for operation in operations:
            self._told.put((operation, taken))
        self._wake.set()

    def _listen(self) -> None:
        """Wake the loop on every commit; without this it would look twice a second."""
        while not self._stopping.is_set():
            try:
                with connect(self._dsn) as connection:
                    connection.execute("LISTEN ullage_outbox")
                    while not self._stopping.is_set():
                        for _ in connection.notifies(timeout=self._pace.idle, stop_after=1):
                            self._wake.set()
            except psycopg.Error as e:
                _log.warning("no wake-up calls: %s", e)
                self._stopping.wait(self._pace.idle)

    def _end(self) -> None:
        """Finish the calls in flight, tell what became of them, give the lanes back."""
        self._pool.shutdown(wait=True)
        try:
            self._settle()
            for waiting in [ask for queue in self._queued.values() for ask in queue]:
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
