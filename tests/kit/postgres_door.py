"""A port before a PostgreSQL, which may answer as one that is starting does."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
from psycopg.conninfo import make_conninfo

_SSL, _GSS = 80877103, 80877104
_STARTING = b"SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0"


class Door(socketserver.ThreadingTCPServer):
    """``open``: connections go to the database of ``dsn``; else they are refused as PostgreSQL
    does while it starts."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, dsn: str) -> None:
        super().__init__(("127.0.0.1", 0), _Caller)
        self.open = False
        with psycopg.connect(dsn) as connection:
            self._path = f"{connection.info.host}/.s.PGSQL.{connection.info.port}"
            self._tcp = (connection.info.host, connection.info.port)
        self.dsn = make_conninfo(
            dsn, host="127.0.0.1", port=self.server_address[1], sslmode="disable"
        )

    def behind(self) -> socket.socket:
        """A connection to the PostgreSQL itself."""
        if not self._path.startswith("/"):
            return socket.create_connection(self._tcp)
        to = socket.socket(socket.AF_UNIX)
        to.connect(self._path)
        return to


class _Caller(socketserver.BaseRequestHandler):
    server: Door

    def handle(self) -> None:
        if not self.server.open:
            self._refuse()
            return
        with self.server.behind() as to:
            back = threading.Thread(target=_pour, args=(to, self.request), daemon=True)
            back.start()
            _pour(self.request, to)
            back.join()

    def _refuse(self) -> None:
        while self._asks_for_encryption():
            self.request.sendall(b"N")
        self.request.sendall(b"E" + (len(_STARTING) + 4).to_bytes(4, "big") + _STARTING)

    def _asks_for_encryption(self) -> bool:
        """Takes what a connection begins with."""
        length = int.from_bytes(self.request.recv(4, socket.MSG_WAITALL), "big")
        begun = self.request.recv(length - 4, socket.MSG_WAITALL)
        return int.from_bytes(begun[:4], "big") in {_SSL, _GSS}


def _pour(of: socket.socket, to: socket.socket) -> None:
    with suppress(OSError):
        while some := of.recv(65536):
            to.sendall(some)
    with suppress(OSError):
        to.shutdown(socket.SHUT_WR)


@contextmanager
def door(dsn: str) -> Iterator[Door]:
    """One that is shut at first."""
    with Door(dsn) as made:
        serving = threading.Thread(target=made.serve_forever, daemon=True)
        serving.start()
        yield made
        made.shutdown()
        serving.join()
