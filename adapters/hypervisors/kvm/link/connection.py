"""One libvirt connection: opened when first needed, kept alive, opened again when lost."""

from __future__ import annotations

import threading
from typing import Any

import libvirt

from adapters.hypervisors.kvm import reasons
from adapters.hypervisors.kvm.link import errors

# A silent daemon is given up after interval x (count + 1): 8 seconds as measured.
_KEEPALIVE_SECONDS = 2
_KEEPALIVE_COUNT = 3

_events_lock = threading.Lock()
_events_thread: list[threading.Thread] = []


def _turn_events() -> None:
    while True:
        libvirt.virEventRunDefaultImpl()


def start_events() -> None:
    """Start the thread that keepalive needs. libvirt has one event loop in a process, and it must
    be there before the first connection is opened."""
    with _events_lock:
        if _events_thread:
            return
        # Ours are raised, with secrets taken out, and not printed.
        reasons.listen()
        libvirt.virEventRegisterDefaultImpl()
        thread = threading.Thread(target=_turn_events, name="libvirt-events", daemon=True)
        _events_thread.append(thread)
        thread.start()


class Connection:
    """One connection. Any thread may ask for it; the first opens it."""

    def __init__(self, uri: str) -> None:
        self._uri = uri
        self._opening = threading.Lock()
        self._connection: Any = None

    def connection(self) -> Any:
        """The open connection. May block for ever: call it in a thread that can be left behind."""
        with self._opening:
            if self._connection is None or not self._connection.isAlive():
                self._connection = self._open()
            return self._connection

    def _open(self) -> Any:
        start_events()
        try:
            connection = libvirt.open(self._uri)
        except libvirt.libvirtError as e:
            # Without its cause: that one may spell the address with its password.
            raise errors.failure_to_open(reasons.restored(e)) from None
        self._keep_alive(connection)
        return connection

    @staticmethod
    def _keep_alive(connection: Any) -> None:
        try:
            connection.setKeepAlive(_KEEPALIVE_SECONDS, _KEEPALIVE_COUNT)
        except libvirt.libvirtError as e:
            if reasons.code(e) != libvirt.VIR_ERR_NO_SUPPORT:  # drivers inside this process
                raise errors.failure(e, sent=False) from e

    def let_go(self) -> None:
        """Close it when its last call ends, in a thread: closing waits for a daemon that hangs."""
        connection, self._connection = self._connection, None
        if connection is not None:
            threading.Thread(target=_last_reference, args=(connection,), daemon=True).start()


def _last_reference(connection: Any) -> None:
    """libvirt closes a connection when nobody holds it any more."""
    del connection
