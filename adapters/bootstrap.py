"""The composition root: the only place that builds things and joins them."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from uuid import uuid4

import psycopg
from granian.constants import Interfaces
from granian.server.embed import Server
from psycopg_pool import ConnectionPool

import migrations
from adapters.eventlog.store import EventLog
from adapters.eventlog.writer import connect
from adapters.http import app
from adapters.http.door import Door
from adapters.http.metrics import Metrics
from adapters.http.region import Region
from adapters.hypervisors.hosts import Hosts
from adapters.leadership import Leadership
from adapters.readside import tables
from adapters.readside.follower import Follower
from adapters.readside.models import ReadSide
from adapters.readside.rebuild import Rebuilds
from adapters.readside.saver import Saver
from adapters.relay.relay import Pace, Relay
from adapters.settings import Settings
from adapters.timer import Timer
from adapters.tokens import Tokens
from commands.default_quota import SetDefaultQuota
from commands.request import Request
from commands.sequencer import Bounds, Clocks, Facts, Hooks, Sequencer
from commands.store import WriterLost

_log = logging.getLogger(__name__)


def _now() -> datetime:
    return datetime.now(UTC)


def pool(dsn: str) -> ConnectionPool[psycopg.Connection]:
    """Connections for reading; times in UTC. A dead one is noticed before it is handed out."""
    return ConnectionPool(
        dsn,
        min_size=1,
        max_size=8,
        timeout=5.0,
        open=True,
        check=ConnectionPool.check_connection,
        kwargs={"autocommit": True, "options": "-c timezone=UTC", "connect_timeout": 5},
    )


class Process:
    """Everything of one serving process, started and stopped in order."""

    def __init__(self, settings: Settings, *, hosts: Hosts | None = None) -> None:
        """``hosts``: other drivers than the settings' own."""
        dsn = settings.dsn
        self._settings = settings
        self._pool = pool(dsn)
        self.log = EventLog(dsn, self._pool)
        self.readside = ReadSide()
        self.metrics = Metrics()
        self.hosts = hosts or Hosts(settings.hosts)
        self.leadership = Leadership(dsn)
        self.sequencer = Sequencer(
            self.log,
            Clocks(now=_now, elapsed=time.monotonic),
            Hooks(lead=self._lead, opening=self._opening, publish=self._publish),
            Bounds(queue=settings.queue, live=settings.live),
        )
        self._saver = Saver(dsn, self.readside, leads=self.leads)
        self._follower = Follower(self.log, self.readside, leads=self.leads)
        self._tokens = Tokens(dsn)
        self._timer = Timer(dsn, self.sequencer, now=_now)
        self._rebuilds = Rebuilds(dsn, self.log, self.readside, self._saver)
        self.metrics.watch(self.sequencer, self.readside)
        self._started: list[Sequencer | Saver | Follower | Tokens | Timer] = []

    def leads(self) -> bool:
        return self.sequencer.role == "leading"

    def start(self) -> None:
        """Load the read models, then follow, and lead when the log is free."""
        with connect(self._settings.dsn) as connection:
            self.readside.models = tables.load(connection)
        self._follower.catch_up()
        self._tokens.refresh()
        self._started = [
            self._tokens,
            self._saver,
            self._follower,
            self.sequencer,
            self._timer,
        ]
        for part in self._started:
            part.start()

    def stop(self) -> None:
        """Writes first, so that what they left is still saved."""
        for part in reversed(self._started):
            part.stop()
        self._rebuilds.stop()
        self.hosts.close()
        self._pool.close()

    def http(self) -> Door:
        region = Region(
            self._settings,
            sequencer=self.sequencer,
            readside=self.readside,
            hosts=self.hosts,
            rebuilds=self._rebuilds,
            metrics=self.metrics,
            log=self.log,
            pool=self._pool,
            leader=self.leadership.address,
        )
        return app.build(region, self._tokens)

    def _lead(self, position: int) -> None:
        """In the sequencer's thread, before the first command is taken."""
        while self.readside.position < position:
            self._follower.catch_up()
        try:
            self.leadership.announce(self._settings.api)
        except psycopg.Error as e:
            raise WriterLost(str(e)) from e
        _log.info("leading from position %s", position)

    def _opening(self) -> list[Request]:
        """The settings' quota class, as a fact if it is not the one in force."""
        command = SetDefaultQuota(limits=self._settings.quota)
        return [Request(command, by="settings", because=uuid4(), future=Future())]

    def _publish(self, facts: Facts) -> None:
        self.readside.publish(facts)
        self.metrics.committed(facts)
        self._saver.wake()


async def serve(settings: Settings, *, with_relay: bool = False) -> None:
    """Answer HTTP until SIGINT or SIGTERM, then stop in order. Raises psycopg.Error.

    ``with_relay``: carry the outbox in this process too, which libvirt's test driver needs, for
    its machines live in the process that looks at them.
    """
    migrations.apply(settings.dsn)
    process = Process(settings)
    process.start()
    server = listening(process.http(), settings)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, server.stop)
    try:
        with _carrying(settings, process.hosts) if with_relay else nullcontext():
            await server.serve()
    finally:
        process.stop()


def relay(settings: Settings) -> None:
    """Carry what the outbox asks until SIGINT or SIGTERM."""
    hosts = Hosts(settings.hosts)
    carrier = _carrier(settings, hosts)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: carrier.stop())
    try:
        carrier.run()
    finally:
        hosts.close()


def listening(application: Door, settings: Settings) -> Server:
    """Granian inside this process: one process is one writer, killed and started as one."""
    return Server(
        application,
        address=settings.listen,
        port=settings.port,
        interface=Interfaces.ASGI,
        backlog=1024,
        websockets=False,
        log_enabled=False,
    )


def _carrier(settings: Settings, hosts: Hosts) -> Relay:
    return Relay(
        settings.dsn,
        name=f"{socket.gethostname()}:{os.getpid()}",
        hosts=hosts,
        leader=Leadership(settings.dsn).address,
        token=settings.token,
        pace=Pace(call_seconds=settings.call_seconds, lease=settings.lease_seconds),
    )


@contextmanager
def _carrying(settings: Settings, hosts: Hosts) -> Iterator[None]:
    carrier = _carrier(settings, hosts)
    thread = threading.Thread(target=carrier.run, name="relay", daemon=True)
    thread.start()
    try:
        yield
    finally:
        carrier.stop()
        # The event loop has ended its serving by now: waiting here holds nothing up.
        thread.join()
