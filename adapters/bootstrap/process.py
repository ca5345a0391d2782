"""Everything of one serving process, and the order in which it starts and stops."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime

import psycopg

from adapters.bootstrap.identity import from_keystone
from adapters.bootstrap.opening import opening
from adapters.bootstrap.pools import Pools
from adapters.bootstrap.rates import rates
from adapters.clock import RegionClock, local
from adapters.connections import UNLIMITED, connect
from adapters.eventlog.hang_ups import HangUps
from adapters.eventlog.store import EventLog
from adapters.http import app
from adapters.http.dialect import Dialect
from adapters.http.dialects import dialects
from adapters.http.gateway.authentication import Authentication
from adapters.http.gateway.gateway import Gateway
from adapters.http.gateway.metrics import Metrics
from adapters.http.gateway.parts.context import Context
from adapters.http.gateway.parts.hypervisors import Hypervisors
from adapters.http.gateway.parts.log_head import LogHead
from adapters.http.gateway.parts.parts import Parts
from adapters.http.gateway.parts.relays import Relays
from adapters.hypervisors.registry import DriverRegistry
from adapters.leadership.address import Leadership
from adapters.leadership.role import LeadingRole
from adapters.live_tokens import Tokens
from adapters.readside import tables
from adapters.readside.follower import Follower
from adapters.readside.models import ReadSide
from adapters.readside.rebuild import Rebuilds
from adapters.readside.saver import Saver
from adapters.schedules import Schedules
from adapters.settings import Settings
from adapters.timer import Timer
from commands.engine.given import Bounds, Clocks, Facts, Hooks
from commands.engine.request import Request
from commands.engine.sequencer import Sequencer
from commands.engine.store import WriterLost

_log = logging.getLogger(__name__)


class Process:
    """Everything of one serving process, started and stopped in order."""

    def __init__(
        self,
        settings: Settings,
        *,
        hosts: DriverRegistry | None = None,
        local: Callable[[], datetime] = local,
    ) -> None:
        """``hosts``: other drivers than the settings' own. ``local``: this machine's clock."""
        dsn = settings.dsn
        self.clock = RegionClock(settings.clock_bound_seconds, local=local)
        self._settings = settings
        self._pools = Pools(dsn, read_seconds=settings.read_seconds)
        self.log = self._logged()
        self.readside = ReadSide()
        self.metrics = Metrics()
        self.hosts = hosts or DriverRegistry(settings.hosts)
        self.leadership = Leadership(dsn)
        self.sequencer = self._sequencer()
        self.role = LeadingRole(self.sequencer)
        self._saver = Saver(dsn, self.readside, leads=self.leads)
        self._follower = Follower(self.log, self.readside, leads=self.leads)
        self._tokens = Tokens(dsn, believed=settings.tokens_believed_seconds)
        self._keystone = from_keystone(settings)
        self.callers = Authentication(self._tokens, self._keystone)
        self._timer = self._timed()
        self._hang_ups = HangUps(self.log)
        self._rebuilds = Rebuilds(dsn, self.log, self.readside, self._saver)
        self.metrics.watch(self.sequencer, self.readside, self.clock)
        self._started: list[Sequencer | Saver | Follower | HangUps | Tokens | Timer] = []

    def _logged(self) -> EventLog:
        settings = self._settings
        return EventLog(
            settings.dsn,
            self._pools.own,
            self.clock,
            name=settings.api,
            lease=settings.leader_lease_seconds,
        )

    def _sequencer(self) -> Sequencer:
        return Sequencer(
            self.log,
            Clocks(now=self.clock.now, elapsed=time.monotonic),
            Hooks(lead=self._lead, opening=self._opening, publish=self._publish),
            Bounds(queue=self._settings.queue, live=self._settings.live),
        )

    def _timed(self) -> Timer:
        schedules = Schedules(
            self.sequencer,
            self.readside,
            now=self.clock.now,
            operation_seconds=self._settings.operation_seconds,
        )
        return Timer(self._settings.dsn, self.sequencer, schedules, now=self.clock.now)

    def leads(self) -> bool:
        return self.role.leads()

    def start(self) -> None:
        """Load the read models, then follow, and lead when the log is free."""
        with connect(self._settings.dsn, patience=UNLIMITED) as connection:
            self.readside.models = tables.load(connection)
        self.log.tell_time()
        self._follower.catch_up()
        self._tokens.refresh()
        self._started = [
            self._tokens,
            self._saver,
            self._follower,
            self._hang_ups,
            self.sequencer,
            self._timer,
        ]
        for part in self._started:
            part.start()

    def stop(self) -> None:
        """In the reverse order. What is not saved yet is folded from the log at the next start."""
        for part in reversed(self._started):
            part.stop()
        self._rebuilds.stop()
        if self._keystone:
            self._keystone.close()
        self.hosts.close()
        self._pools.close()

    def http(self, *more: Dialect) -> Gateway:
        """Its HTTP interface. ``more``: dialects beside those of `dialects`. Raises LookupError,
        RulesInvalid."""
        parts = Parts(
            context=Context(self._settings.operation_seconds, now=self.clock.now),
            reads=self._pools.reads(self.readside, now=self.clock.now),
            log_head=LogHead(self.log),
            sequencer=self.sequencer,
            outbox=self._pools.outbox(),
            hypervisors=Hypervisors(self.hosts),
            callers=self.callers,
            relays=Relays(self._settings.relays),
            metrics=self.metrics,
            rebuilds=self._rebuilds,
            leadership=self.leadership,
        )
        return app.build(parts, (*dialects(self._settings), *more), rates(self._settings))

    def _lead(self, position: int) -> None:
        """In the sequencer's thread, before the first command is taken."""
        self._follower.catch_up()  # at least once: it sees whether the history has forked
        while self.readside.position < position:
            self._follower.catch_up()
        try:
            self.leadership.announce(self._settings.api)
        except psycopg.Error as e:
            raise WriterLost(str(e)) from e
        _log.info("leading from position %s", position)

    def _opening(self) -> list[Request]:
        return opening(self._settings, self.hosts.names, self.readside.models)

    def _publish(self, facts: Facts) -> None:
        self.readside.publish(facts)
        self.metrics.committed(facts)
        self._saver.wake()
