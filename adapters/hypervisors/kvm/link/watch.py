"""Hearing from a host which of its servers something may have happened to."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any
from uuid import UUID

import libvirt

from adapters.hypervisors.failures import DriverUnavailable, Unreachable
from adapters.hypervisors.kvm import reasons
from adapters.hypervisors.kvm.link import errors
from adapters.hypervisors.kvm.link.connection import Connection

# What may mean another size or power. Nothing is told of vCPUs, nor of a definition that a device
# or memory was put into (measured, libvirt 9.0): those are found by reading.
_EVENTS = (
    libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE,
    libvirt.VIR_DOMAIN_EVENT_ID_BALLOON_CHANGE,
    libvirt.VIR_DOMAIN_EVENT_ID_DEVICE_ADDED,
    libvirt.VIR_DOMAIN_EVENT_ID_DEVICE_REMOVED,
    libvirt.VIR_DOMAIN_EVENT_ID_DEVICE_REMOVAL_FAILED,
    libvirt.VIR_DOMAIN_EVENT_ID_MEMORY_DEVICE_SIZE_CHANGE,
    libvirt.VIR_DOMAIN_EVENT_ID_AGENT_LIFECYCLE,
    libvirt.VIR_DOMAIN_EVENT_ID_PMSUSPEND,
    libvirt.VIR_DOMAIN_EVENT_ID_PMWAKEUP,
    libvirt.VIR_DOMAIN_EVENT_ID_JOB_COMPLETED,
)
# Seconds between attempts to reach a host again.
_AGAIN = 1.0
_STOPS_WITHIN = 5.0
_LOST, _STOP = "lost", "stop"

_News = UUID | str


class EventWatch:
    """One connection and one thread of its own, which hears, reconnects, and tells.

    libvirt's events thread only puts things into a queue: whatever it waited for, keepalive of
    every connection of this process would wait for too.
    """

    def __init__(self, uri: str, changed: Callable[[UUID], None]) -> None:
        self._uri = uri
        self._changed = changed
        self._news: SimpleQueue[_News] = SimpleQueue()
        self._stopped = threading.Event()
        self._first: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, name="libvirt-watch", daemon=True)

    def start(self, within: float) -> None:
        """Until it hears. Raises DriverUnavailable."""
        self._thread.start()
        try:
            self._first.result(within)
        except TimeoutError as e:
            self._stopped.set()
            raise Unreachable("the hypervisor did not answer in time") from e

    def stop(self) -> None:
        """Nothing is told any more when it returns; from within ``changed``, after that one."""
        self._stopped.set()
        self._news.put(_STOP)
        if threading.current_thread() is not self._thread:
            self._thread.join(_STOPS_WITHIN)

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                ears = _Ears(self._uri, self._news, again=self._first.done())
            except Exception as e:  # noqa: BLE001 (told to whoever started it; later tried again)
                if self._never_heard(e):
                    return
                self._stopped.wait(_AGAIN)
                continue
            if not self._first.done():
                self._first.set_result(None)
            self._tell()
            ears.close()

    def _never_heard(self, why: Exception) -> bool:
        if self._first.done():
            return False
        kept = why if isinstance(why, DriverUnavailable) else Unreachable(str(why))
        self._first.set_exception(kept)
        return True

    def _tell(self) -> None:
        """Until the connection is lost. Many events about one server at once are told once."""
        while not self._stopped.is_set():
            news = self._waiting()
            for server in news:
                if isinstance(server, UUID) and not self._stopped.is_set():
                    with suppress(Exception):  # its own matter; others are told all the same
                        self._changed(server)
            if _LOST in news:
                return

    def _waiting(self) -> dict[_News, None]:
        found: dict[_News, None] = {self._news.get(): None}
        with suppress(Empty):
            while True:
                found[self._news.get_nowait()] = None
        return found


class _Ears:
    """One connection that hears. ``again``: one was lost before it, and nobody knows what
    happened meanwhile, so that every server is news."""

    def __init__(self, uri: str, news: SimpleQueue[_News], *, again: bool) -> None:
        self._news = news
        self._again = again
        self._connection: Any = Connection(uri).connection()
        self._registered: list[int] = []
        try:
            self._register()
        except libvirt.libvirtError as e:
            why = errors.failure(reasons.restored(e), sent=False)
            self.close()
            raise why from e

    def _register(self) -> None:
        host = self._connection
        host.registerCloseCallback(self._lost, None)
        for event in _EVENTS:
            self._registered.append(host.domainEventRegisterAny(None, event, self._heard, None))
        for domain in host.listAllDomains() if self._again else ():
            self._news.put(UUID(domain.UUIDString()))

    def _heard(self, _connection: Any, domain: Any, *_: object) -> None:
        self._news.put(UUID(domain.UUIDString()))

    def _lost(self, _connection: Any, _reason: int, _: object) -> None:
        self._news.put(_LOST)

    def close(self) -> None:
        """What is registered keeps a connection open for ever."""
        for event in self._registered:
            with suppress(libvirt.libvirtError):
                self._connection.domainEventDeregisterAny(event)
        with suppress(libvirt.libvirtError):
            self._connection.unregisterCloseCallback()
        with suppress(libvirt.libvirtError):
            self._connection.close()
