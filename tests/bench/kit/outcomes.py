"""Reports what became of all open operations, as a relay does: beside the measured path."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from uuid import UUID, uuid4

import httpx
import msgspec
import psycopg

from adapters.relay_wire import MOST, Outcomes, ReadBack
from domain.shared.size import Size
from tests.bench.kit.serving import Serving
from tests.bench.kit.workload import host_of, seen

_OPEN = "SELECT server, operation, vcpus, memory_mib FROM outbox"


def end_all(serving: Serving, dsn: str) -> None:
    """Also of requests that were still on their way when their caller had gone: what they ask for
    stands in the queue before what is reported after."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        quiet = 0
        while quiet < 2:
            rows = connection.execute(_OPEN).fetchall()
            _report(serving, (_outcome(s, o, Size(vcpus, memory)) for s, o, vcpus, memory in rows))
            quiet = 0 if rows else quiet + 1
            warm(serving, [uuid4()])


def warm(serving: Serving, servers: Iterable[UUID]) -> None:
    """Have the sequencer load these, by outcomes of operations that nobody ever asked for."""
    _report(serving, (_outcome(server, uuid4(), Size(1, 1)) for server in servers))


def _outcome(server: UUID, operation: UUID, size: Size) -> ReadBack:
    return ReadBack(
        server=server,
        operation=operation,
        ask="reconfigure",
        seen=seen(host_of(server), size),
        shortfall="",
    )


def _report(serving: Serving, outcomes: Iterable[ReadBack]) -> None:
    headers = {"authorization": f"Bearer {serving.service}", "content-type": "application/json"}
    with httpx.Client(base_url=serving.url, headers=headers, timeout=30) as client:
        waiting = iter(outcomes)
        while some := list(islice(waiting, MOST)):
            body = msgspec.json.encode(Outcomes(outcomes=list(some)))
            client.post("/v1/outcomes", content=body).raise_for_status()
