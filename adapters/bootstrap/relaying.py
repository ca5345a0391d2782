"""Builds and runs a relay, in a process of its own or inside a serving one."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from adapters.bootstrap.memory import seldom_collect
from adapters.hypervisors.hosts import Hosts
from adapters.leadership import Leadership
from adapters.relay.relay import Pace, Relay
from adapters.settings import Settings


def relay(settings: Settings) -> None:
    """Carry what the outbox asks until SIGINT or SIGTERM."""
    seldom_collect()
    hosts = Hosts(settings.hosts)
    carrier = _carrier(settings, hosts)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: carrier.stop())
    try:
        carrier.run()
    finally:
        hosts.close()


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
def carrying(settings: Settings, hosts: Hosts) -> Iterator[None]:
    carrier = _carrier(settings, hosts)
    thread = threading.Thread(target=carrier.run, name="relay", daemon=True)
    thread.start()
    try:
        yield
    finally:
        carrier.stop()
        # The event loop has ended its serving by now: waiting here holds nothing up.
        thread.join()
