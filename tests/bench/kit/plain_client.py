"""HTTP/1.1 on one kept connection, in as little processor time as Python can: the load shares the
machine with what it measures."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from typing import Self
from urllib.parse import urlsplit

import msgspec

_STATUS = re.compile(rb"HTTP/1.1 (\d{3})")
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A request, as the bytes that are sent."""

    sent: bytes

    @classmethod
    def of(cls, method: str, path: str, token: str, body: object = None) -> Self:
        """``body``: anything that is JSON; None: without one."""
        content = b"" if body is None else msgspec.json.encode(body)
        lines = [
            f"{method} {path} HTTP/1.1",
            "host: bench",
            f"authorization: Bearer {token}",
            "content-type: application/json",
            f"content-length: {len(content)}",
        ]
        return cls(sent="\r\n".join([*lines, "", ""]).encode() + content)


class PlainClient:
    """One connection; one request at a time."""

    def __init__(self, url: str) -> None:
        split = urlsplit(url)
        self._address = (split.hostname, split.port)
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, asked: Asked) -> int:
        """The status of the answer, which is read whole. Raises OSError, IncompleteReadError."""
        reader, writer = self._streams or await self.connect()
        writer.write(asked.sent)
        head = await reader.readuntil(b"\r\n\r\n")
        if length := _LENGTH.search(head):
            await reader.readexactly(int(length[1]))
        found = _STATUS.match(head)
        return int(found[1]) if found else 0

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Open the connection; `ask` does so by itself."""
        self._streams = await asyncio.open_connection(*self._address, limit=1 << 24)
        return self._streams

    async def close(self) -> None:
        if self._streams:
            self._streams[1].close()
            with suppress(OSError):
                await self._streams[1].wait_closed()
            self._streams = None
