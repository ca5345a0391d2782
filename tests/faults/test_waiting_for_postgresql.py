"""``ullage serve`` where its database cannot be used yet: it waits, and says so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.faults.processes import Serving
from tests.faults.region import environment
from tests.kit.postgres_door import Door, door
from tests.kit.region import free_port, until

pytestmark = pytest.mark.takes(5)
STARTING = "PostgreSQL is starting, recovering or shutting down, and takes no connections."


@pytest.fixture(name="shut")
def _shut(database: str) -> Iterator[Door]:
    with door(database) as made:
        yield made


def answer(serving: Serving, path: str) -> httpx.Response | None:
    try:
        return serving.client.get(path)
    except httpx.TransportError:
        assert serving.runs, serving.log.read_text()
        return None


def ready(serving: Serving) -> int | None:
    found = answer(serving, "/readyz")
    return found.status_code if found is not None else None


def test_it_begins_when_postgresql_has_started(shut: Door, tmp_path: Path) -> None:
    serving = Serving(environment(shut.dsn, {"t": "test:///default"}), tmp_path)
    serving.start()
    try:
        until(lambda: ready(serving) == 503)
        waiting = {"status": "not ready", "role": "waiting", "why": STARTING}
        assert serving.client.get("/readyz").json() == waiting
        assert serving.client.get("/healthz").json() == waiting | {"status": "ok"}
        refused = serving.client.get("/v1/servers")
        assert refused.json()["type"] == "urn:ullage:problem:unavailable"
        refused = serving.client.get("/compute/v2.1/servers")
        assert refused.json()["serviceUnavailable"]["code"] == 503
        shut.open = True
        until(lambda: ready(serving) == 200)
        assert serving.log.read_text().count("the database system is starting up") == 1
    finally:
        serving.kill()


def test_it_ends_when_asked_to_while_it_waits(database: str, tmp_path: Path) -> None:
    nobody = f"host=127.0.0.1 port={free_port()} dbname=ullage"
    serving = Serving(environment(nobody, {"t": "test:///default"}), tmp_path)
    serving.start()
    until(lambda: ready(serving) == 503)
    assert serving.client.get("/readyz").json()["why"] == "PostgreSQL does not answer."
    serving.stop()
    assert not serving.runs
