"""The library as it comes: the same three events a command, saved by its own `Application.save`."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from psycopg.conninfo import conninfo_to_dict

from commands.scaling.scale_server import ScaleServer
from tests.bench.kit import workload

THREADS = 32


class Server(Aggregate):
    @event("ScaleRequested")
    def scale(
        self,
        *,
        operation: UUID,
        host: str,
        was: Any,
        to: Any,
        deadline: datetime,
        reason: str,
        consent: str,
        mode: str,
        to_host: str | None,
        cool_until: datetime | None,
    ) -> None:
        self.operation = operation


class Quota(Aggregate):
    @event("QuotaClaimed")
    def claim(
        self, *, project: str, server: UUID, amounts: Any, used: Any, operation: UUID
    ) -> None:
        self.used = used


class Host(Aggregate):
    @event("CapacityClaimed")
    def claim(self, *, host: str, server: UUID, amounts: Any, used: Any, operation: UUID) -> None:
        self.used = used


class Stock:
    """32 callers, each with aggregates of its own: no conflicts, nothing is read again."""

    def __init__(self, application: Application[UUID], callers: ThreadPoolExecutor) -> None:
        self._application = application
        self._callers = callers
        self._mine = [(Server(), Quota(), Host()) for _ in range(THREADS)]
        for mine in self._mine:
            application.save(*mine)

    def rate(self, seconds: float) -> float:
        """Commands a second."""
        began = time.perf_counter()
        counts = self._callers.map(
            lambda mine: self._save(*mine, until=began + seconds), self._mine
        )
        return sum(counts) / (time.perf_counter() - began)

    def _save(self, server: Server, quota: Quota, host: Host, *, until: float) -> int:
        count = 0
        while time.perf_counter() < until:
            _change(server, quota, host)
            self._application.save(server, quota, host)
            count += 1
        return count


def _change(server: Server, quota: Quota, host: Host) -> None:
    [asked] = workload.scale([server.id], 2)
    amounts = {"cores": 1, "ram": 0, "instances": 0}
    server.scale(
        operation=asked.operation,
        host=workload.HOSTS[0],
        was=_size(asked, 1),
        to=_size(asked, 2),
        deadline=asked.deadline,
        reason="",
        consent="live",
        mode="live",
        to_host=None,
        cool_until=None,
    )
    quota.claim(
        project="p0", server=server.id, amounts=amounts, used=amounts, operation=asked.operation
    )
    more = {"vcpus": 1, "memory_mib": 0}
    host.claim(
        host=workload.HOSTS[0],
        server=server.id,
        amounts=more,
        used=more,
        operation=asked.operation,
    )


def _size(asked: ScaleServer, vcpus: int) -> dict[str, int]:
    return {"vcpus": vcpus, "memory_mib": asked.to.memory_mib}


@contextmanager
def stock(dsn: str) -> Iterator[Stock]:
    where = conninfo_to_dict(dsn)
    environment = {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": str(where["dbname"]),
        "POSTGRES_HOST": str(where["host"]),
        "POSTGRES_PORT": str(where.get("port", "5432")),
        "POSTGRES_USER": str(where["user"]),
        "POSTGRES_PASSWORD": str(where.get("password", "")),
        "POSTGRES_POOL_SIZE": str(THREADS),
        "POSTGRES_POOL_TIMEOUT": "60",
    }
    application = Application[UUID](environment)
    try:
        with ThreadPoolExecutor(THREADS) as callers:
            yield Stock(application, callers)
    finally:
        application.close()
