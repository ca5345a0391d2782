"""A write that is handed on is answered in seconds, whatever becomes of the leader."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from adapters.http.gateway.forwarding import Forwarding
from commands.engine.request import Unavailable

SCOPE = {
    "type": "http",
    "method": "PUT",
    "raw_path": b"/v1/projects/demo/quota",
    "query_string": b"",
    "headers": [(b"prefer", b"wait=3600")],
    "state": {},
}


async def _receive() -> Any:
    return {"type": "http.request", "body": b"{}", "more_body": False}


async def _never(_: object) -> None:
    raise AssertionError("nobody has answered")


class HungLeader:
    """Takes what it is asked, and answers nothing. ``asked``: once something came."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        self.asked.set()
        await reader.read()  # until the caller gives up
        writer.close()


async def _hung(*, leads_then: bool, leader_then: str | None) -> None:
    """Ask through a follower, and have another lead while the leader hangs."""
    hung = HungLeader()
    async with await asyncio.start_server(hung.take, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        now: dict[str, Any] = {"leads": False, "leader": f"http://{host}:{port}"}
        forwarding = Forwarding(
            leads=lambda: now["leads"], leader=lambda: now["leader"], seen=_never
        )
        asking = asyncio.ensure_future(forwarding.forward(SCOPE, _receive, _never))
        await hung.asked.wait()
        now |= {"leads": leads_then, "leader": leader_then or now["leader"]}
        try:
            await asking
        finally:
            await forwarding.close()


@pytest.mark.parametrize(
    ("leads_then", "leader_then"),
    [(True, None), (False, "http://127.0.0.1:9")],
    ids=["by this process", "by a third one"],
)
def test_what_a_leader_was_asked_that_hangs_is_unknown_once_it_is_followed(
    leads_then: bool, leader_then: str | None
) -> None:
    with pytest.raises(Unavailable) as given_up:
        asyncio.run(
            asyncio.wait_for(_hung(leads_then=leads_then, leader_then=leader_then), timeout=600)
        )
    assert given_up.value.__cause__ is None  # no time-out, which is as long as the caller prefers
