"""What a tenant that asks a little waits while another attacks: read and write, quiet and under
each attack, one after the other in one run."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

import msgspec
import uvloop

from adapters import tokens
from tests.bench.kit import workload
from tests.bench.kit.attacks import KINDS, Attack
from tests.bench.kit.bench import ROOT, Bench
from tests.bench.kit.plain_client import Asked, PlainClient
from tests.bench.kit.row import Budget, Row, percentile
from tests.bench.kit.seeding import seeding
from tests.bench.kit.serving import serving

_OK = 400
_PAUSE = 0.01
_TIMES = Budget(most=3, of="ratio")


class Waited(msgspec.Struct, kw_only=True):
    """Milliseconds for each request; ``refused``: how many were answered 400 and above."""

    write: list[float] = []
    read: list[float] = []
    refused: int = 0


def measure(bench: Bench) -> Iterator[Row]:
    seconds = 5 if bench.quick else 15
    loud, own = ([uuid4() for _ in range(count)] for count in (900, 10))
    with bench.database() as dsn:
        with seeding(dsn) as seed:
            seed.ask(workload.ready())
            seed.ask(workload.adopt(loud, ["loud"]))
            seed.ask(workload.adopt(own, ["quiet"]))
        member, attacker = (_token(dsn, name) for name in ("quiet", "loud"))
        with serving(dsn, rates={}) as process:
            uvloop.run(_ask(process.url, member, own, 2))  # warms up
            quiet = uvloop.run(_ask(process.url, member, own, seconds))
            yield from _rows("quiet", quiet, None)
            for kind in KINDS:
                attack = Attack(kind=kind, url=process.url, token=attacker, servers=loud)
                with _attacking(attack):
                    waited = uvloop.run(_ask(process.url, member, own, seconds))
                yield from _rows(kind, waited, quiet)


def _token(dsn: str, project: str) -> str:
    return tokens.create(dsn, name=f"{project}-{uuid4()}", role="member", project=project)


@contextmanager
def _attacking(attack: Attack) -> Iterator[None]:
    command = [sys.executable, "-m", "tests.bench.kit.attacks"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, **pipes) as process:  # type: ignore[call-overload]
        try:
            process.stdin.write(msgspec.json.encode(attack) + b"\n")
            process.stdin.flush()
            process.stdout.readline()
            time.sleep(1)  # until it is at its full
            yield
        finally:
            process.kill()


async def _ask(url: str, token: str, servers: list[UUID], seconds: int) -> Waited:
    """A write, then a read, then a moment: less than its own rates allow."""
    client, waited = PlainClient(url), Waited()
    read = Asked.of("GET", "/v1/projects/quiet/limits", token)
    until, n = time.perf_counter() + seconds, 0
    while time.perf_counter() < until:
        path = f"/v1/servers/{servers[n % len(servers)]}/scalable"
        flag = {"scalable": bool(n // len(servers) % 2)}
        write = Asked.of("PUT", path, token, flag)
        for asked, into in ((write, waited.write), (read, waited.read)):
            began = time.perf_counter()
            waited.refused += await client.ask(asked) >= _OK
            into.append((time.perf_counter() - began) * 1000)
        n += 1
        await asyncio.sleep(_PAUSE)
    await client.close()
    return waited


def _rows(kind: str, waited: Waited, quiet: Waited | None) -> Iterator[Row]:
    for what in ("write", "read"):
        values: list[float] = getattr(waited, what)
        before: list[float] = getattr(quiet, what) if quiet else []
        for share in (50, 99):
            yield Row(
                what=f"{kind}: another's {what} p{share}",
                figure=percentile(values, share),
                unit="ms",
                peer=percentile(before, share) if quiet else None,
                peer_is="quiet" if quiet else "",
                budget=_TIMES if quiet and share > 50 else None,
            )
    share_refused = 100 * waited.refused / (2 * len(values))
    yield Row(
        what=f"{kind}: another's refused", figure=share_refused, unit="%", budget=Budget(most=0)
    )
