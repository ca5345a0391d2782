"""Connections of callers: as many as files may be open, of one address only its share."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from typing import NamedTuple

import pytest

from adapters.bootstrap.crowd import bounded, end_excess, silence
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


class Crowd(NamedTuple):
    """Connections from one address: their ends there, and here."""

    port: int
    theirs: list[socket.socket]
    ours: list[socket.socket]


@pytest.fixture
def crowd() -> Iterator[Crowd]:
    with ExitStack() as stack:
        server = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        found = Crowd(server.getsockname()[1], [], [])
        for _ in range(30):
            line = socket.create_connection(("127.0.0.1", found.port))
            found.theirs.append(stack.enter_context(line))
            found.ours.append(stack.enter_context(server.accept()[0]))
        yield found


def ended(crowd: Crowd) -> list[int]:
    return [number for number, line in enumerate(crowd.theirs) if is_ended(line)]


def is_ended(line: socket.socket) -> bool:
    line.setblocking(False)
    try:
        return line.recv(1) == b""
    except BlockingIOError:
        return False


def test_of_one_address_those_are_ended_that_are_silent_the_longest(crowd: Crowd) -> None:
    until(lambda: min(map(silence, crowd.ours)) > 50)
    for theirs, ours in zip(crowd.theirs[:20], crowd.ours[:20], strict=True):
        theirs.sendall(b"x")
        assert ours.recv(1) == b"x"
    assert end_excess(crowd.port, 20) == 10
    assert ended(crowd) == list(range(20, 30))


def test_nobody_within_its_share_is_ended(crowd: Crowd) -> None:
    assert end_excess(crowd.port, 30) == 0
    assert ended(crowd) == []


def test_somebody_looks_while_a_region_serves(crowd: Crowd) -> None:
    with bounded(crowd.port, 20):
        until(lambda: len(ended(crowd)) == 10)
