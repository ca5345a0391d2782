"""Processes of the region as they are run: serving, carrying the outbox, stopped again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import httpx
import msgspec

from adapters import tokens
from tests.bench.kit.bench import ROOT
from tests.bench.kit.workload import HOSTS, LIMITS
from tests.kit.region import until

_PATIENCE = 60.0


class Serving(msgspec.Struct, frozen=True, kw_only=True):
    """``token`` is an admin's, ``service`` a relay's; ``seconds`` from its start to readiness."""

    url: str
    pid: int
    token: str
    service: str
    seconds: float

    @property
    def resident_mb(self) -> float:
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="utf-8")
        kib = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
        return int(kib) / 1024

    @property
    def cpu_seconds(self) -> float:
        """That its threads have taken so far."""
        stat = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2]
        user, system = (int(ticks) for ticks in stat.split()[11:13])
        return (user + system) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(dsn: str) -> Iterator[Serving]:
    """One serving process that leads."""
    token = tokens.create(dsn, name=f"admin-{uuid4()}", role="admin", project=None)
    service = tokens.create(dsn, name=f"relay-{uuid4()}", role="service", project=None)
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    began = time.perf_counter()
    with _process("tests.bench.kit.serve", dsn, port=str(port), api=url) as process:
        _until_ready(url, process)
        seconds = time.perf_counter() - began
        yield Serving(url=url, pid=process.pid, token=token, service=service, seconds=seconds)


@contextmanager
def carrying(dsn: str, token: str) -> Iterator[None]:
    """One relay process, on hypervisors that answer at once."""
    with _process("tests.bench.kit.relay", dsn, token=token):
        yield


@contextmanager
def _process(module: str, dsn: str, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    tables = {"hosts": {name: f"instant://{name}" for name in HOSTS}, "quota": LIMITS}
    given = (
        settings | {"dsn": dsn} | {k: msgspec.json.encode(v).decode() for k, v in tables.items()}
    )
    environment = os.environ | {f"ULLAGE_{name.upper()}": value for name, value in given.items()}
    process = subprocess.Popen([sys.executable, "-m", module], cwd=ROOT, env=environment)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            raise


def _until_ready(url: str, process: subprocess.Popen[bytes]) -> None:
    with httpx.Client() as client:
        until(lambda: process.poll() is not None or _ready(client, url), _PATIENCE)
    if process.poll() is not None:
        raise ChildProcessError("the serving process has ended")


def _ready(client: httpx.Client, url: str) -> bool:
    try:
        return client.get(f"{url}/readyz").status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
