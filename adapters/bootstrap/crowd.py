"""Ends the connections that one address has beyond its share, those that are silent the longest."""

from __future__ import annotations

import socket
import struct
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import NamedTuple

import psutil
import structlog

_log = structlog.get_logger("ullage.serve")

_LOOK = 1.0
"""Seconds between two looks."""
# struct tcp_info of Linux: eight bytes of flags, then 32-bit counters, of which the twelfth is for
# how many milliseconds nothing was received.
_TCP_INFO = struct.Struct("8x24I")
_LAST_RECEIVED = 11


class _Connection(NamedTuple):
    descriptor: int
    peer: tuple[str, int]


@contextmanager
def bounded(port: int, share: int) -> Iterator[None]:
    """``port``: where callers come in; ``share``: how many connections one address may have; 0: as
    many as there are. The server that accepts them knows no such limit."""
    if not share:
        yield
        return
    stopping = Event()
    thread = Thread(target=_watch, args=(port, share, stopping), name="crowd", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()


def _watch(port: int, share: int, stopping: Event) -> None:
    process = psutil.Process()
    while not stopping.wait(_LOOK):
        try:
            # Counting is cheap, looking who they are is not.
            if process.num_fds() > share:
                _bound(process, port, share)
        except (OSError, psutil.Error) as e:
            _log.warning("connections cannot be counted", error=str(e))


def _bound(process: psutil.Process, port: int, share: int) -> None:
    by_address: dict[str, list[_Connection]] = defaultdict(list)
    for one in process.net_connections("tcp"):
        if one.raddr and one.laddr.port == port:
            peer = (str(one.raddr.ip), int(one.raddr.port))
            by_address[peer[0]].append(_Connection(one.fd, peer))
    for address, connections in by_address.items():
        if len(connections) > share:
            silent = sorted(connections, key=_silence, reverse=True)
            ended = sum(map(_end, silent[: len(silent) - share]))
            _log.warning("too many connections", address=address, share=share, ended=ended)


def _silence(one: _Connection) -> int:
    """Milliseconds since it sent anything."""
    with suppress(OSError), _held(one) as held:
        info = held.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO.size)
        return int(_TCP_INFO.unpack(info)[_LAST_RECEIVED])
    return 0


def _end(one: _Connection) -> bool:
    """The server sees that the caller has gone, and closes it."""
    with suppress(OSError), _held(one) as held:
        held.shutdown(socket.SHUT_RDWR)
        return True
    return False


@contextmanager
def _held(one: _Connection) -> Iterator[socket.socket]:
    """Raises OSError: it is closed, and its number may be another's by now."""
    with socket.fromfd(one.descriptor, socket.AF_INET, socket.SOCK_STREAM) as held:
        if held.getpeername()[:2] != one.peer:
            raise OSError("another connection has its number")
        yield held
