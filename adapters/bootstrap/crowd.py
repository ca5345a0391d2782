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


def end_excess(port: int, share: int) -> int:
    """How many connections to ``port`` were ended. Raises OSError, psutil.Error."""
    ended = 0
    for address, connections in _by_address(port).items():
        if (excess := len(connections) - share) > 0:
            most_silent = sorted(connections, key=_silence_of, reverse=True)[:excess]
            ended += sum(map(_end, most_silent))
            _log.warning("too many connections", address=address, share=share, ended=excess)
    return ended


def silence(line: socket.socket) -> int:
    """Milliseconds since anything came over it. Raises OSError."""
    info = line.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO.size)
    return int(_TCP_INFO.unpack(info)[_LAST_RECEIVED])


def _watch(port: int, share: int, stopping: Event) -> None:
    process = psutil.Process()
    while not stopping.wait(_LOOK):
        try:
            # Counting is cheap, looking who they are is not.
            if process.num_fds() > share:
                end_excess(port, share)
        except (OSError, psutil.Error) as e:
            _log.warning("connections cannot be counted", error=str(e))


def _by_address(port: int) -> dict[str, list[_Connection]]:
    found: dict[str, list[_Connection]] = defaultdict(list)
    for one in psutil.Process().net_connections("tcp"):
        if one.raddr and one.laddr.port == port:
            peer = (str(one.raddr.ip), int(one.raddr.port))
            found[peer[0]].append(_Connection(one.fd, peer))
    return found


def _silence_of(one: _Connection) -> int:
    with suppress(OSError), _held(one) as held:
        return silence(held)
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
