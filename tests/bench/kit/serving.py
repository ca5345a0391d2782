"""Processes of the region as they are run: serving, carrying the outbox, stopped again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

import httpx
import msgspec

from adapters import tokens
from adapters.http.gateway.rates.classes import ROUTE_CLASSES
from tests.bench.kit.bench import ROOT
from tests.bench.kit.workload import HOSTS, LIMITS
from tests.kit.region import until

_PATIENCE = 60.0
_ENDLESS = {f"{role}{one}": 1e6 for role in ("", "admin.") for one in ROUTE_CLASSES}
_SHOWN = 4000
"""Bytes of what a process said last, where it failed."""


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
def serving(dsn: str, rates: dict[str, float] | None = None) -> Iterator[Serving]:
    """One serving process that leads. ``rates``: its limits; None: some that are never reached."""
    token = tokens.create(dsn, name=f"admin-{uuid4()}", role="admin", project=None)
    service = tokens.create(dsn, name=f"relay-{uuid4()}", role="service", project=None)
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    began = time.perf_counter()
    tables = {"rate_limits": _ENDLESS if rates is None else rates}
    with _process("tests.bench.kit.serve", dsn, tables, port=str(port), api=url) as process:
        _until_ready(url, process)
        seconds = time.perf_counter() - began
        yield Serving(url=url, pid=process.pid, token=token, service=service, seconds=seconds)


@contextmanager
def carrying(dsn: str, token: str) -> Iterator[None]:
    """One relay process, on hypervisors that answer at once."""
    with _process("tests.bench.kit.relay", dsn, token=token):
        yield


@contextmanager
def _process(
    module: str, dsn: str, tables: dict[str, Any] | None = None, **settings: str
) -> Iterator[subprocess.Popen[bytes]]:
    hosts = {name: f"test://{name}" for name in HOSTS}
    whole = (tables or {}) | {"hosts": hosts, "quota": LIMITS}
    given = settings | {"dsn": dsn} | {k: msgspec.json.encode(v).decode() for k, v in whole.items()}
    environment = os.environ | {f"ULLAGE_{name.upper()}": value for name, value in given.items()}
    command = [sys.executable, "-m", module]
    with tempfile.TemporaryFile() as said:
        # It logs a line for each request, as it does in use: to a file, not to the screen.
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=said)
        try:
            yield process
        except BaseException:
            sys.stderr.write(_end_of(said))
            raise
        finally:
            _end(process)


def _end_of(said: IO[bytes]) -> str:
    """Read without moving the place where the process writes."""
    begin = max(0, os.fstat(said.fileno()).st_size - _SHOWN)
    return os.pread(said.fileno(), _SHOWN, begin).decode(errors="replace")


def _end(process: subprocess.Popen[bytes]) -> None:
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
