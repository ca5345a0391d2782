"""A whole region inside the test's process, served on a port, its hosts told what to do."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from time import monotonic
from typing import Any, Self
from uuid import UUID

import httpx

from adapters.bootstrap.process import Process
from adapters.bootstrap.serving import listening
from adapters.clock import local
from adapters.http.dialect import Dialect
from adapters.hypervisors import kvm
from adapters.hypervisors.registry import DriverKind, DriverRegistry
from adapters.leadership.address import Leadership
from adapters.relay.pace import Pace
from adapters.relay.relay import Relay
from adapters.setting_defaults import RATE_LIMITS
from adapters.settings import Settings
from domain.shared.resources import NOTHING
from domain.shared.size import Size
from tests.kit.hypervisor import SMALL, Power, ScriptedHost
from tests.kit.region_tokens import FOREIGN, OWN, make_tokens

__all__ = ["FOREIGN", "OWN", "make_tokens"]  # beside what is made here

HOST = "host-1"
QUICK = Pace(idle=0.05, call_seconds=0.5)
_REQUEST_SECONDS = 30.0

Answer = httpx.Response
Headers = dict[str, str] | dict[bytes, bytes]


class Region:
    """One serving process. Several of them may share a database; the first one leads.

    ``hosts``: by name; tests keep them in hand to tell them what to do. ``dialects``: what it
    speaks beside its own, told before it starts. ``local``: the clock of its machine.
    """

    def __init__(
        self,
        dsn: str,
        hosts: dict[str, ScriptedHost] | None = None,
        tokens: dict[str, str] | None = None,
        *,
        local: Callable[[], datetime] = local,
        **settings: Any,
    ) -> None:
        self.dsn = dsn
        self.hosts = hosts or {HOST: ScriptedHost()}
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.tokens = tokens if tokens is not None else make_tokens(dsn)
        given = self._given()
        self.settings = Settings(**(given | settings))
        self.process = Process(self.settings, hosts=self.drivers(), local=local)
        self._client = httpx.Client(
            base_url=self.url,
            timeout=_REQUEST_SECONDS,
            limits=httpx.Limits(max_connections=256),
            # Nothing is encrypted here, and certificates take long to load.
            verify=False,  # noqa: S501
            trust_env=False,
        )
        self._stop = threading.Event()
        self._stopped = False
        self.dialects: tuple[Dialect, ...] = ()
        self._served = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    def _given(self) -> dict[str, Any]:
        """A test asks as fast as it can, and compares whole answers: rates are for tests of their
        own."""
        uris = {name: f"scripted://{name}" for name in self.hosts}
        rates = dict.fromkeys(RATE_LIMITS, 0.0)
        where = {"dsn": self.dsn, "port": self.port, "api": self.url}
        return where | {"hosts": uris, "rate_limits": rates}

    @property
    def host(self) -> ScriptedHost:
        """The only one, or the first."""
        return next(iter(self.hosts.values()))

    def drivers(self) -> DriverRegistry:
        by_uri = {f"scripted://{name}": host for name, host in self.hosts.items()}
        kind = DriverKind(by_uri.__getitem__, kvm.check_template)
        return DriverRegistry(
            {host.partition("//")[2]: host for host in by_uri}, {"scripted": kind}
        )

    # Its life

    def start(self) -> Self:
        self.process.start()
        self._served.start()
        until(self._answers)
        return self

    def leading(self) -> Self:
        self.start()
        until(self.process.leads)
        return self

    def stop(self) -> None:
        if not self._stopped and self._served.ident is not None:
            self._stopped = True
            self._stop.set()
            self._served.join()
            self.process.stop()
            self._client.close()

    async def _serve(self) -> None:
        server = listening(
            self.process.http(*self.dialects), self.settings, self.settings.connections
        )
        serving = asyncio.create_task(server.serve())
        await asyncio.to_thread(self._stop.wait)
        server.stop()  # type: ignore[no-untyped-call] # granian types none of it
        await serving

    def _answers(self) -> bool:
        try:
            return self._client.get("/healthz").is_success
        except httpx.TransportError:
            return False

    # Asking it

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        as_: str | None = "admin",
        headers: Headers | None = None,
        content: bytes | Iterable[bytes] | None = None,
    ) -> Answer:
        """``as_``: the name of one of `tokens`; None: without a token."""
        sent = httpx.Headers({"authorization": f"Bearer {self.tokens[as_]}"} if as_ else {})
        if content is not None:
            sent["content-type"] = "application/json"
        sent.update(headers)
        return self._client.request(method, path, json=body, content=content, headers=sent)

    def get(self, path: str, **how: Any) -> Answer:
        return self.ask("GET", path, **how)

    def post(self, path: str, body: Any = None, **how: Any) -> Answer:
        return self.ask("POST", path, body, **how)

    def put(self, path: str, body: Any = None, **how: Any) -> Answer:
        return self.ask("PUT", path, body, **how)

    # What most tests begin with

    def adopted(
        self,
        size: Size = SMALL,
        *,
        project: str = OWN,
        host: str = HOST,
        ceiling: int = 64,
        power: Power = "running",
    ) -> UUID:
        """A server of that size that may grow to ``ceiling`` vCPUs."""
        server = self.hosts[host].make(size, power)
        most = {"vcpus": ceiling, "memory_mib": 262144}
        body = {"host": host, "server": str(server), "project": project, "ceiling": most}
        answered = self.post("/v1/adoptions", body)
        assert answered.status_code == 201, answered.text
        return server

    def scale(self, server: UUID, to: Size, *, consent: str | None = None, **how: Any) -> Answer:
        body = {**size(to), **({"consent": consent} if consent else {})}
        return self.post(f"/v1/servers/{server}/scale", body, **how)

    def scaling(self, server: UUID, to: Size, *, consent: str | None = None) -> str:
        """The id of the operation that was accepted."""
        answered = self.scale(server, to, consent=consent)
        assert answered.status_code == 202, answered.text
        return str(answered.json()["operation"])

    def ended(self, operation: str) -> dict[str, Any]:
        """The operation, once it is open no longer."""
        shown: dict[str, Any] = self.get(
            f"/v1/operations/{operation}", headers={"prefer": "wait=20"}
        ).json()
        assert shown["state"] != "open", shown
        return shown

    def used(self, project: str = OWN) -> dict[str, int]:
        """Of what its servers take always, of all else where it is not nothing."""
        shown = self.get(f"/v1/projects/{project}/limits").json()["resources"]
        used = {name: one["used"] for name, one in shown.items()}
        return {name: amount for name, amount in used.items() if amount or name in NOTHING}

    def limits(self, project: str = OWN, **limits: int | None) -> Answer:
        answered = self.put(f"/v1/projects/{project}/quota", {"limits": limits})
        assert answered.status_code == 200, answered.text
        return answered

    @property
    def head(self) -> int:
        return self.process.log.head()

    # Who carries

    def relay(self, name: str = "relay", *, pace: Pace = QUICK) -> Relay:
        return Relay(
            self.dsn,
            name=name,
            hosts=self.drivers(),
            leader=Leadership(self.dsn).address,
            token=self.tokens["service"],
            pace=pace,
        )

    @contextmanager
    def carried(self, name: str = "relay", *, pace: Pace = QUICK) -> Iterator[Relay]:
        """With a relay at work."""
        with running(self.relay(name, pace=pace)) as relay:
            yield relay


NewRegion = Callable[..., Region]


@contextmanager
def regions(dsn: str) -> Iterator[NewRegion]:
    """Makes regions on one database with the same tokens, and stops those that still run."""
    made, all_tokens = [], make_tokens(dsn)

    def new(hosts: dict[str, ScriptedHost] | None = None, **settings: Any) -> Region:
        made.append(Region(dsn, hosts, all_tokens, **settings))
        return made[-1]

    try:
        yield new
    finally:
        for region in made:
            region.stop()


@contextmanager
def running(relay: Relay) -> Iterator[Relay]:
    thread = threading.Thread(target=relay.run, daemon=True)
    thread.start()
    try:
        yield relay
    finally:
        relay.stop()
        thread.join()


def until(so: Callable[[], Any], within: float = 60.0) -> None:
    """Wait for a condition; fails when it does not come."""
    ends, pause = monotonic() + within, threading.Event()
    while not so():
        assert monotonic() < ends, "it did not come to be so"
        pause.wait(0.01)


def together(calls: Iterable[Callable[[], Answer]]) -> list[Answer]:
    """All of them at the same time."""
    waiting = list(calls)
    with ThreadPoolExecutor(len(waiting)) as pool:
        return list(pool.map(lambda call: call(), waiting))


def size(of: Size) -> dict[str, int]:
    return {"vcpus": of.vcpus, "memory_mib": of.memory_mib}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
