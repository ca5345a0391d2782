"""Loads a serving process over loopback with wrk, from a process of its own."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path
from uuid import uuid4

import msgspec

CLIENTS = 64
_SCRIPT, _PAIRS = (Path(__file__).with_name(name) for name in ("load.lua", "pairs.lua"))
_JSON = {"content-type": "application/json"}


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """``p50`` and ``p99`` in ms; ``refused`` answers had a status above 399."""

    requests: int
    seconds: float
    p50: float
    p99: float
    refused: int
    failed: int

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


class NoLoad(Exception):
    """There is no wrk: `apt-get install wrk`, or `./packages.sh bench`."""


class NotAnswered(Exception):
    """Some requests were refused or failed: what was measured is not what was meant."""


def get(url: str, path: str, *, token: str, seconds: int) -> Load:
    return _load(url, [path], _as(token), seconds)


def post(
    url: str, paths: Iterable[str], body: object, *, token: str, seconds: int, wait: int = 0
) -> Load:
    """One path after another, each with a key of its own. ``wait`` goes as ``Prefer: wait``."""
    headers = _as(token) | _JSON | {"idempotency-key": f"{uuid4()}-"}
    if wait:
        headers["prefer"] = f"wait={wait}"
    sent = msgspec.json.encode(body).decode()
    return _load(url, paths, headers, seconds, method="POST", body=sent)


def put(url: str, path: str, body: str, *, token: str, seconds: int) -> Load:
    """A ``%d`` in the body is another number each time."""
    return _load(url, [path], _as(token) | _JSON, seconds, method="PUT", body=body)


def make_and_delete(url: str, path: str, body: object, *, token: str, seconds: int) -> Load:
    """POST to a path and DELETE of what was made, in turn: two requests each."""
    made = msgspec.json.encode(body).decode()
    return _load(url, [path], _as(token) | _JSON, seconds, method="POST", body=made, script=_PAIRS)


def _as(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def _load(
    url: str,
    paths: Iterable[str],
    headers: dict[str, str],
    seconds: int,
    *,
    method: str = "GET",
    body: str = "",
    script: Path = _SCRIPT,
) -> Load:
    if shutil.which("wrk") is None:
        raise NoLoad(NoLoad.__doc__)
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(paths))
        file.flush()
        wrk = [
            "wrk",
            "-t1",
            f"-c{CLIENTS}",
            f"-d{seconds}s",
            "--timeout",
            "30s",
            "-s",
            str(script),
        ]
        given = [word for header in headers.items() for word in header]
        done = subprocess.run(
            [*wrk, url, "--", method, file.name, body, *given],
            check=True,
            capture_output=True,
            timeout=seconds + 60,
        )
    load = msgspec.json.decode(done.stdout.strip().rpartition(b"\n")[2], type=Load)
    if load.refused or load.failed:
        raise NotAnswered(f"{load.refused} refused, {load.failed} failed of {load.requests}")
    return load
