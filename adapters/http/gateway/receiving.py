"""What is taken in of a request: one host, and a whole body, in time."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import Any

from litestar.types import Receive, ReceiveMessage

from adapters.http.gateway.authentication import header
from adapters.http.gateway.body import LARGEST, BodyInvalid, BodyTooLarge

_LONGEST = 20.0
"""Seconds for 64 KiB: slower than any line that people use, and no more than a while."""
_DIGITS = 18
_OLD = "1"
"""HTTP/1.0, as Granian names it: its requests need no Host."""


class RequestInvalid(Exception):
    """The request is not HTTP as it has to be. The text says what and where."""


class BodyTooSlow(Exception):
    """The body did not come in time. ``seconds``: how long it may take."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds

    def __str__(self) -> str:
        return f"The body did not come within {self.seconds:g} seconds. Nothing was done."


def must_be_fit(scope: Any) -> None:
    """Before a byte of the body is read. Raises RequestInvalid, BodyTooLarge."""
    hosts = [value for name, value in scope["headers"] if name == b"host"]
    if len(hosts) > 1:
        raise RequestInvalid("The header Host is there more than once.")
    if not (hosts and hosts[0]) and scope["http_version"] != _OLD:
        raise RequestInvalid("The header Host is missing.")
    length = header(scope, b"content-length")
    if length.isdecimal() and (len(length) > _DIGITS or int(length) > LARGEST):
        raise BodyTooLarge


def in_time(receive: Receive, seconds: float = _LONGEST) -> Receive:
    """The same, until the body is whole no longer than ``seconds`` after its beginning. What is
    received raises BodyTooSlow, and BodyInvalid for one that ends before its end."""
    whole, until = False, 0.0

    async def received() -> ReceiveMessage:
        nonlocal whole, until
        if whole:
            return await receive()
        until = until or monotonic() + seconds
        try:
            message = await asyncio.wait_for(receive(), until - monotonic())
        except TimeoutError as e:
            raise BodyTooSlow(seconds) from e
        if message["type"] != "http.request":
            raise BodyInvalid("The body is not whole: it ends too early, or its chunks are broken.")
        whole = not message.get("more_body")
        return message

    return received
