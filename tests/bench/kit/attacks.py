"""What a loud tenant does to a region, from a process of its own: `python -m` with what, where."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from itertools import cycle
from uuid import UUID, uuid4

import msgspec
import uvloop

from tests.bench.kit.plain_client import Asked, PlainClient

_AGAIN = 0.2
"""Seconds until somebody whose connection was refused or cut tries again."""
_DETAIL = "/compute/v2.1/servers/detail?limit=1000"
_PATTERN = "/compute/v2.1/servers?name=^(.?){250}%5C1z$"


class Attack(msgspec.Struct, frozen=True, kw_only=True):
    """``servers``: those of the loud tenant."""

    kind: str
    url: str
    token: str
    servers: list[UUID]

    def clients(self, share: int = 1) -> list[Awaitable[None]]:
        """All that ask at the same time; ``share``: one in so many of them."""
        if self.kind == "mixture":
            kinds = [msgspec.structs.replace(self, kind=kind) for kind in _CLIENTS]
            return [one for kind in kinds for one in kind.clients(len(kinds))]
        count, requests = _CLIENTS[self.kind]
        return [_client(self.url, requests(self, n)) for n in range(max(1, count // share))]


def _writes(attack: Attack, n: int) -> Iterator[Asked]:
    path = f"/v1/servers/{attack.servers[n % len(attack.servers)]}/scalable"
    flags = (Asked.of("PUT", path, attack.token, {"scalable": flag}) for flag in (False, True))
    return cycle(flags)


def _bulk(attack: Attack, n: int) -> Iterator[Asked]:
    size = {"vcpus": 2 + n % 2, "memory_mib": 512}
    some = attack.servers[n * 20 : n * 20 + 200]
    scales = [{"server": str(server), **size} for server in some]
    return cycle([Asked.of("POST", "/v1/scales", attack.token, {"scales": scales})])


def _lists(attack: Attack, _: int) -> Iterator[Asked]:
    return cycle([Asked.of("GET", _DETAIL, attack.token)])


def _patterns(attack: Attack, _: int) -> Iterator[Asked]:
    return cycle([Asked.of("GET", _PATTERN, attack.token)])


def _tokens(_: Attack, __: int) -> Iterator[Asked]:
    while True:
        yield Asked.of("GET", "/v1/servers", f"ullage_{uuid4().hex}")


def _idle(_: Attack, __: int) -> Iterator[Asked]:
    return iter(())


def _metadata(attack: Attack, n: int) -> Iterator[Asked]:
    path = f"/compute/v2.1/servers/{attack.servers[n]}/metadata"
    bodies = ({f"k{i:03}": letter * 250 for i in range(128)} for letter in "ab")
    return cycle([Asked.of("PUT", path, attack.token, {"metadata": one}) for one in bodies])


_CLIENTS: dict[str, tuple[int, Callable[[Attack, int], Iterator[Asked]]]] = {
    "writes": (500, _writes),
    "bulk": (32, _bulk),
    "lists": (8, _lists),
    "patterns": (8, _patterns),
    "tokens": (64, _tokens),
    "idle": (300, _idle),
    "metadata": (16, _metadata),
}

KINDS = (*_CLIENTS, "mixture")


async def _client(url: str, requests: Iterator[Asked]) -> None:
    """Asks without a pause, for ever; who has nothing to ask keeps its connection."""
    client = PlainClient(url)
    while True:
        with suppress(OSError, asyncio.IncompleteReadError):
            await client.connect()
            for asked in requests:
                await client.ask(asked)
            await asyncio.Event().wait()
        await asyncio.sleep(_AGAIN)


async def _run(attack: Attack) -> None:
    clients = [asyncio.ensure_future(one) for one in attack.clients()]
    print("attacking", flush=True)
    await asyncio.gather(*clients)


if __name__ == "__main__":
    os.nice(5)  # in use it would have a machine of its own
    uvloop.run(_run(msgspec.json.decode(sys.stdin.buffer.readline(), type=Attack)))
