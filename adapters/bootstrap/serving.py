"""Runs a serving process."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server

from adapters.bootstrap.beginning import DatabaseAway, begin, begin_when_there
from adapters.bootstrap.crowd import bounded
from adapters.bootstrap.descriptors import provide
from adapters.bootstrap.memory import seldom_collect
from adapters.bootstrap.process import Process
from adapters.bootstrap.relaying import carrying
from adapters.http.dialects import dialects
from adapters.http.gateway.gateway import Gateway
from adapters.http.waiting_room import WaitingRoom
from adapters.settings import Settings

_LARGEST_HEAD = 64 * 1024
"""Bytes of a request's line and headers, which are read before anybody knows who sends them."""


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
    most = provide(settings)
    server = listening(process.http(), settings, most)
    _at_the_end(server.stop)
    try:
        with (
            bounded(settings.port, _share(settings, most)),
            carrying(settings, process.hosts) if with_relay else nullcontext(),
        ):
            await server.serve()
    finally:
        process.stop()


async def _waited(settings: Settings, why: str) -> Process | None:
    """Says on the port that it waits; None: it is to stop. Raises DatabaseUnfit, psycopg.Error."""
    room, stopping = WaitingRoom(dialects(settings)), asyncio.Event()
    room.why = why
    server = listening(room, settings, provide(settings))
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


def listening(application: Gateway | WaitingRoom, settings: Settings, most: int) -> Server:
    """Granian inside this process: one process is one writer, killed and started as one.
    ``most``: how many connections it takes at a time; the others wait in the backlog."""
    return Server(
        application,
        address=settings.listen,
        port=settings.port,
        interface=Interfaces.ASGI,
        backlog=1024,
        # Only it ends a connection over which nothing comes, also before its first request.
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(
            header_read_timeout=round(settings.idle_seconds * 1000), max_buffer_size=_LARGEST_HEAD
        ),
        backpressure=most,
        websockets=False,
        log_enabled=False,
    )


def _share(settings: Settings, most: int) -> int:
    """Of one address; never all there are, so that another can still come in."""
    return min(settings.connections_per_address, most // 2)
