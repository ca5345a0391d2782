"""Connections of callers: as many as files may be open, of one address only its share."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from adapters.bootstrap.crowd import bounded
from tests.kit.region import until

_PROVIDE = """
import resource, sys
from adapters.bootstrap.descriptors import provide
from adapters.settings import Settings
soft, hard, connections = map(int, sys.argv[1:])
resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
most = provide(Settings(dsn="", connections=connections))
print(most, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""


def provided(soft: int, hard: int, connections: int) -> tuple[int, int, str]:
    """Connections, the soft limit afterwards, and what was logged."""
    command = [sys.executable, "-c", _PROVIDE, *map(str, (soft, hard, connections))]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    *said, last = done.stdout.splitlines()
    most, limit = map(int, last.split())
    return most, limit, " ".join(said) + done.stderr


def test_the_soft_limit_of_open_files_is_raised() -> None:
    assert provided(1024, 16384, 8192) == (8192, 16384, "")


def test_fewer_connections_are_taken_than_files_may_be_open_and_that_is_said() -> None:
    most, limit, said = provided(1024, 1024, 8192)
    assert (most, limit) == (1024 - 256, 1024)
    assert "too low" in said


def test_no_more_connections_are_taken_than_set() -> None:
    assert provided(1024, 16384, 100)[0] == 100


@contextmanager
def listening() -> Iterator[tuple[socket.socket, int]]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server, server.getsockname()[1]


def is_ended(line: socket.socket) -> bool:
    line.setblocking(False)
    try:
        return line.recv(1) == b""
    except BlockingIOError:
        return False


def test_of_one_address_the_connections_beyond_its_share_are_ended() -> None:
    """Those that are silent the longest; whoever speaks keeps its own."""
    with listening() as (server, port), ExitStack() as stack:
        lines = []
        for _ in range(30):
            lines.append(stack.enter_context(socket.create_connection(("127.0.0.1", port))))
            stack.enter_context(server.accept()[0])
        with bounded(port, 20):
            until(lambda: sum(map(is_ended, lines)) == 10)
        assert sum(map(is_ended, lines)) == 10


@pytest.mark.parametrize("share", [0, 30])
def test_nobody_within_its_share_is_ended(share: int) -> None:
    with listening() as (server, port), ExitStack() as stack:
        lines = []
        for _ in range(30):
            lines.append(stack.enter_context(socket.create_connection(("127.0.0.1", port))))
            stack.enter_context(server.accept()[0])
        with bounded(port, share), bounded(port, 29 if share else 0):
            until(lambda: not share or any(map(is_ended, lines)))  # by the second one's look
        assert sum(map(is_ended, lines)) == (1 if share else 0)
