"""Request bodies, decoded strictly: right types, known fields, one bounded document."""

from __future__ import annotations

from typing import TypeVar

import msgspec
from litestar import Request

LARGEST = 64 * 1024
"""Bytes."""

T = TypeVar("T")


class BodyInvalid(Exception):
    """The body is not what this route takes. The text says what and where."""


class BodyTooLarge(Exception):
    """More than 64 KiB."""

    def __str__(self) -> str:
        return f"A body may have {LARGEST} bytes at most."


class Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a route takes; unknown fields are refused."""


async def read(request: Request, into: type[T]) -> T:  # type: ignore[type-arg]
    """The body as ``into``. ``"4"`` is not 4. Raises BodyInvalid, BodyTooLarge."""
    body = await request.body()
    if len(body) > LARGEST:
        raise BodyTooLarge
    media = request.headers.get("content-type", "application/json").partition(";")[0].strip()
    if media.lower() != "application/json":
        raise BodyInvalid(f"The body must be application/json, not {media}.")
    try:
        return msgspec.json.decode(body, type=into, strict=True)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as e:
        raise BodyInvalid(f"{e}." if str(e) else "The body is no JSON.") from e
