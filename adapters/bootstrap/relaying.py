"""Builds and runs a relay and its watch, in a process of their own or inside a serving one."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from adapters.bootstrap.memory import seldom_collect
from adapters.hypervisors.registry import DriverRegistry
from adapters.leadership.address import Leadership
from adapters.relay.pace import Pace
from adapters.relay.relay import Relay
from adapters.relay.watch.watch import HostWatchers
from adapters.relay.watch.watch_pace import WatchPace
from adapters.settings import Settings


def relay(settings: Settings) -> None:
    """Carry what the outbox asks, and watch the hosts, until SIGINT or SIGTERM. Raises
    RelayRefused."""
    seldom_collect()
    hosts = DriverRegistry(settings.hosts)
    carrier = _carrier(settings, hosts)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: carrier.stop())
    try:
        with running(_watch(settings, hosts)):
            carrier.run()
    finally:
        hosts.close()
    if carrier.refusals.refused:
        raise carrier.refusals.refused


@contextmanager
def carrying(settings: Settings, hosts: DriverRegistry) -> Iterator[None]:
    with running(_carrier(settings, hosts)), running(_watch(settings, hosts)):
        yield


@contextmanager
def running(part: Relay | HostWatchers) -> Iterator[None]:
    """In a thread of its own."""
    thread = threading.Thread(target=part.run, name=type(part).__name__.lower(), daemon=True)
    thread.start()
    try:
        yield
    finally:
        part.stop()
        # The event loop has ended its serving by now: waiting here holds nothing up.
        thread.join()


def _carrier(settings: Settings, hosts: DriverRegistry) -> Relay:
    return Relay(
        settings.dsn,
        name=f"{socket.gethostname()}:{os.getpid()}",
        hosts=hosts,
        leader=Leadership(settings.dsn).address,
        token=settings.token,
        pace=Pace(call_seconds=settings.call_seconds, lease=settings.lease_seconds),
    )


def _watch(settings: Settings, hosts: DriverRegistry) -> HostWatchers:
    return HostWatchers(
        settings.dsn,
        hosts=hosts,
        leader=Leadership(settings.dsn).address,
        token=settings.token,
        pace=WatchPace(sweep=settings.sweep_seconds),
    )
