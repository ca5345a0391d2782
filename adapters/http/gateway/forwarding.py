"""A process that follows hands writes on to the one that leads."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any
from uuid import UUID

import httpx
from litestar.types import Receive, Send

from adapters.http.gateway.body import LARGEST, BodyInvalid, BodyTooLarge
from adapters.http.gateway.request_ids import give_id
from adapters.http.gateway.waiting import preferred_wait
from commands.engine.request import NotLeader, Unavailable

READS = frozenset({"GET", "HEAD", "OPTIONS"})
"""What is never handed on."""

# Each dialect has a header of its own for it; Nova's begins with req-.
_ID = re.compile(r"(?:req-)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
_HOP = frozenset({b"host", b"connection", b"content-length", b"transfer-encoding"})
_CONNECTS = 2.0
_LOOKS = 0.5
_ANSWERS = 15.0
"""Seconds. A leader that hangs is followed sooner; what it was asked may have been done."""


class Forwarding:
    """``leads`` tells whether this process leads, ``leader`` where the one that does answers;
    ``seen`` waits, not for ever, until a position of the log is known here: who has written sees
    that in what it reads next, at this process too."""

    def __init__(
        self,
        *,
        leads: Callable[[], bool],
        leader: Callable[[], str | None],
        seen: Callable[[int], Awaitable[object]],
    ) -> None:
        self._leads = leads
        self._leader = leader
        self._seen = seen
        self._client: httpx.AsyncClient | None = None

    @property
    def needed(self) -> bool:
        return not self._leads()

    async def forward(self, scope: Any, receive: Receive, send: Send) -> None:
        """The leader's answer. Raises NotLeader, Unavailable, BodyInvalid, BodyTooLarge."""
        answer = await self._ask(scope, await _body(receive))
        _note(scope, answer)
        headers = [(k, v) for k, v in answer.headers.raw if k.lower() not in _HOP]
        headers.append((b"content-length", str(len(answer.content)).encode()))
        if position := answer.headers.get("ullage-position"):
            await self._seen(int(position))
        await send(
            {"type": "http.response.start", "status": answer.status_code, "headers": headers}
        )
        await send({"type": "http.response.body", "body": answer.content, "more_body": False})

    async def _while_it_leads(
        self, leader: str, asking: Coroutine[Any, Any, httpx.Response]
    ) -> httpx.Response:
        """A leader that was followed may hang, and never answer."""
        asked = asyncio.ensure_future(asking)
        followed = asyncio.ensure_future(self._is_followed(leader))
        try:
            await asyncio.wait({asked, followed}, return_when=asyncio.FIRST_COMPLETED)
            if not asked.done():
                raise Unavailable
            return asked.result()
        finally:
            asked.cancel()
            followed.cancel()

    async def _is_followed(self, leader: str) -> None:
        while not self._leads():
            await asyncio.sleep(_LOOKS)
            if await asyncio.to_thread(self._leader) not in {leader, None}:
                return

    async def close(self) -> None:
        if self._client:
            await self._client.aclose()

    async def _ask(self, scope: Any, body: bytes) -> httpx.Response:
        if any(key.lower() == b"ullage-forwarded" for key, _ in scope["headers"]):
            raise NotLeader
        if not scope["raw_path"].startswith(b"/"):
            raise BodyInvalid("The path must begin with /.")
        # It is looked up in PostgreSQL, which may take seconds to answer.
        if (leader := await asyncio.to_thread(self._leader)) is None:
            raise NotLeader
        self._client = self._client or httpx.AsyncClient(trust_env=False)
        headers = [(k, v) for k, v in scope["headers"] if k.lower() not in _HOP]
        query = scope["query_string"].decode("latin-1")
        try:
            asking = self._client.request(
                scope["method"],
                f"{leader}{scope['raw_path'].decode('latin-1')}{'?' if query else ''}{query}",
                headers=[*headers, (b"ullage-forwarded", b"1")],
                content=body,
                timeout=_patience(scope),
            )
            return await self._while_it_leads(leader, asking)
        except (httpx.ConnectError, httpx.ConnectTimeout) as e:
            raise NotLeader from e
        except Unavailable:
            raise
        except Exception as e:
            # It may have been done: only asking again tells. Not all of it are httpx's own errors:
            # uvloop raises RuntimeError on a connection whose other end has just gone.
            raise Unavailable from e


def _patience(scope: Any) -> httpx.Timeout:
    """A write waits for its commit, and for its operation where its caller prefers to."""
    asked = next((value for name, value in scope["headers"] if name.lower() == b"prefer"), b"")
    wait = preferred_wait(asked.decode("latin-1"))
    return httpx.Timeout(_ANSWERS + wait, connect=_CONNECTS)


def was_forwarded(scope: Any) -> bool:
    """Whether the answer is the leader's, which has logged what was done."""
    return "forwarded" in scope["state"]


def _note(scope: Any, answer: httpx.Response) -> None:
    """The request has the leader's id from now on, as the caller sees it in the answer."""
    scope["state"]["forwarded"] = True
    for name, value in answer.headers.items():
        if name.endswith("request-id") and (id_ := _ID.fullmatch(value)):
            give_id(scope, UUID(id_[1]))


async def _body(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            break
        body += message["body"]
        more = message["more_body"]
        if len(body) > LARGEST:
            raise BodyTooLarge
    return body
