"""Runs a serving process."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial

from granian.constants import Interfaces
from granian.server.embed import Server

from adapters.bootstrap.beginning import DatabaseAway, begin, begin_when_there
from adapters.bootstrap.memory import seldom_collect
from adapters.bootstrap.process import Process
from adapters.bootstrap.relaying import carrying
from adapters.http.dialects import dialects
from adapters.http.gateway.gateway import Gateway
from adapters.http.waiting_room import WaitingRoom
from adapters.settings import Settings


async def serve(settings: Settings, *, with_relay: bool = False) -> None:
    """Answer HTTP until SIGINT or SIGTERM, then stop in order. Waits for a database that cannot be
    used yet. Raises DatabaseUnfit, psycopg.Error.

    ``with_relay``: carry the outbox in this process too, which libvirt's test driver needs, for
    its machines live in the process that looks at them.
    """
    seldom_collect()
    try:
        process = begin(settings)
    except DatabaseAway as e:
        waited = await _waited(settings, e.why)
        if waited is None:
            return
        process = waited
    gc.freeze()  # what was loaded now lives as long as the process
    server = listening(process.http(), settings)
    _at_the_end(server.stop)
    try:
        with carrying(settings, process.hosts) if with_relay else nullcontext():
            await server.serve()
    finally:
        process.stop()


async def _waited(settings: Settings, why: str) -> Process | None:
    """Says on the port that it waits; None: it is to stop. Raises DatabaseUnfit, psycopg.Error."""
    room, stopping = WaitingRoom(dialects(settings)), asyncio.Event()
    room.why = why
    server = listening(room, settings)
    _at_the_end(stopping.set)
    serving = asyncio.create_task(server.serve())
    try:
        return await begin_when_there(settings, stopping, partial(setattr, room, "why"))
    finally:
        server.stop()  # type: ignore[no-untyped-call] # granian types none of it
        await serving


def _at_the_end(stop: Callable[[], object]) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)


def listening(application: Gateway | WaitingRoom, settings: Settings) -> Server:
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
