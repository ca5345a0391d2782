"""Callers that never give up: each asks with a key until it is answered, then asks the next."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Self
from uuid import UUID, uuid4

import httpx

ENVELOPE = {
    "floor": {"vcpus": 1, "memory_mib": 64},
    "ceiling": {"vcpus": 64, "memory_mib": 65536},
    "memory_by": "balloon",
}


class Load:
    """Scales each server up and down again, and reports its end as a relay would.

    ``apis`` are the processes to try. ``acknowledged`` holds every operation that was answered
    with 202; what was never answered is asked again under the same key until it is.
    """

    def __init__(
        self, apis: Callable[[], list[str]], servers: list[UUID], *, member: str, service: str
    ) -> None:
        self._apis = apis
        self._servers = servers
        self._member = {"authorization": f"Bearer {member}"}
        self._service = {"authorization": f"Bearer {service}"}
        self._stopping = threading.Event()
        self._going_on = threading.Event()
        self._going_on.set()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self.acknowledged: list[UUID] = []
        self.errors: list[str] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Every caller gets its last answer first."""
        self._stopping.set()
        self._going_on.set()
        self._thread.join(60)
        assert not self._thread.is_alive()
        assert self.errors == []

    @contextmanager
    def resting(self) -> Iterator[None]:
        """Nobody begins anything meanwhile, so that what starts has the machine for itself."""
        self._going_on.clear()
        try:
            yield
        finally:
            self._going_on.set()

    async def _run(self) -> None:
        limits = httpx.Limits(max_connections=64)
        async with httpx.AsyncClient(timeout=30.0, limits=limits) as client:
            await asyncio.gather(*(self._call(client, server) for server in self._servers))

    async def _call(self, client: httpx.AsyncClient, server: UUID) -> None:
        vcpus = 1
        while not self._stopping.is_set():
            if not self._going_on.is_set():
                await asyncio.to_thread(self._going_on.wait)
            vcpus = 2 if vcpus == 1 else 1
            size = {"vcpus": vcpus, "memory_mib": 512}
            scaled = await self._ask(
                client, f"/v1/servers/{server}/scale", size, self._member, str(uuid4())
            )
            operation = scaled.get("operation")
            if operation is None:
                self.errors.append(str(scaled))
                return
            self.acknowledged.append(UUID(operation))
            told: dict[str, object] = {"outcome": "read-back", "server": str(server)}
            seen = {"host": "host-1", "size": size, "power": "running"}
            told |= {
                "operation": operation,
                "ask": "reconfigure",
                "host": "host-1",
                "seen": {**seen, "guest": {}, "envelope": ENVELOPE},
                "shortfall": "",
            }
            await self._ask(client, "/v1/outcomes", {"outcomes": [told]}, self._service, None)

    async def _ask(
        self,
        client: httpx.AsyncClient,
        path: str,
        body: object,
        headers: dict[str, str],
        key: str | None,
    ) -> dict[str, str]:
        """The answer of whoever answers; connection errors and 503 mean: again."""
        keyed = {"idempotency-key": key} if key else {}
        while True:
            try:
                api = random.choice(self._apis())
                answer = await client.post(f"{api}{path}", json=body, headers=headers | keyed)
            except httpx.HTTPError:
                await asyncio.sleep(0.02)
                continue
            if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
                await asyncio.sleep(0.02)
                continue
            return dict(answer.json()) if answer.content else {}
