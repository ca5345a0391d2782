"""Prometheus metrics: counted outside Litestar, so that refusals at the door count too."""

from __future__ import annotations

from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from adapters.clock import RegionClock
from adapters.http.gateway.tenant_metrics import TenantMetrics
from adapters.readside.models import ReadSide
from commands.engine.given import Facts
from commands.engine.sequencer import Sequencer

# Anybody may send any word as a method: only these are counted by name.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_BATCHES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)


class Metrics:
    """One registry a process; gauges are read when they are asked for."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "ullage_http_requests_total",
            "Requests answered.",
            ["route", "method", "status"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "ullage_http_request_seconds",
            "Time to the answer.",
            ["route"],
            registry=self.registry,
        )
        self._batch = Histogram(
            "ullage_commit_facts",
            "Facts written by one commit.",
            buckets=_BATCHES,
            registry=self.registry,
        )

    def answered(self, scope: Any, status: int, seconds: float) -> None:
        route = scope.get("path_template") or "(none)"
        method = scope["method"] if scope["method"] in _METHODS else "(other)"
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def committed(self, facts: Facts) -> None:
        if facts:
            self._batch.observe(len(facts))

    def watch(self, sequencer: Sequencer, readside: ReadSide, clock: RegionClock) -> None:
        """Gauges of what the process holds."""
        for name, text, read in (
            ("ullage_leading", "1 if this process writes.", lambda: sequencer.role == "leading"),
            ("ullage_position", "Last position in memory.", lambda: readside.position),
            ("ullage_saved_position", "Last position in the tables.", lambda: readside.saved),
            ("ullage_commands_waiting", "Commands in the queue.", lambda: sequencer.waiting),
            ("ullage_operations_open", "Open.", lambda: readside.models.operations.open),
            (
                "ullage_clock_apart_seconds",
                "How far this machine's clock is ahead of PostgreSQL's.",
                clock.seconds_ahead,
            ),
            ("ullage_servers", "Servers known.", lambda: len(readside.models.servers)),
        ):
            Gauge(name, text, registry=self.registry).set_function(read)
        self.registry.register(TenantMetrics(sequencer.costs))
