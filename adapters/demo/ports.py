"""The port of the demo's API: as asked, else the usual one, or one that is free."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from adapters.demo.database import CannotRun

LISTEN = "127.0.0.1"
_PORT = 8774


@contextmanager
def free(asked: int | None) -> Iterator[int]:
    """Another demo does not take it meanwhile. Raises CannotRun."""
    for port in (asked,) if asked else (_PORT, 0):
        if number := _bound(port):
            with socket.socket(socket.AF_UNIX) as mark:
                try:
                    # A name of the kernel's, no file: it goes with its owner, however that ends.
                    mark.bind(f"\0ullage-demo-{number}")
                except OSError:
                    continue
                yield number
                return
    raise CannotRun(f"Port {asked} is in use: name another one, or none to get one that is free.")


def _bound(port: int) -> int:
    """The number of a port to which a socket can be bound, 0 if that cannot be."""
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((LISTEN, port))
        except OSError:
            return 0
        return int(tried.getsockname()[1])
