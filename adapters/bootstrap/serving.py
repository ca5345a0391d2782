"""Runs a serving process."""

from __future__ import annotations

import asyncio
import gc
import signal
from contextlib import nullcontext

from granian.constants import Interfaces
from granian.server.embed import Server

from adapters import schema
from adapters.bootstrap.memory import seldom_collect
from adapters.bootstrap.process import Process
from adapters.bootstrap.relaying import carrying
from adapters.http.gateway.gateway import Gateway
from adapters.settings import Settings


async def serve(settings: Settings, *, with_relay: bool = False) -> None:
    """Answer HTTP until SIGINT or SIGTERM, then stop in order. Raises DatabaseUnfit,
    psycopg.Error.

    ``with_relay``: carry the outbox in this process too, which libvirt's test driver needs, for
    its machines live in the process that looks at them.
    """
    seldom_collect()
    schema.bring_up(settings.dsn)
    process = Process(settings)
    process.start()
    gc.freeze()  # what was loaded now lives as long as the process
    server = listening(process.http(), settings)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, server.stop)
    try:
        with carrying(settings, process.hosts) if with_relay else nullcontext():
            await server.serve()
    finally:
        process.stop()


def listening(application: Gateway, settings: Settings) -> Server:
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
