"""Keyset pages: an opaque cursor, and a Link to the next page (RFC 8288)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from litestar import Response
from litestar.params import QueryParameter

from adapters.http.gateway.body import BodyInvalid
from adapters.http.gateway.dispatch import Asking
from adapters.texts import CURSOR

PageLimit = Annotated[int, QueryParameter(ge=1, le=1000, description="Rows a page.")]
Cursor = Annotated[
    str | None,
    QueryParameter(max_length=64, pattern=CURSOR, description="Where the page begins."),
]

TextCursor = Annotated[
    str | None,
    QueryParameter(max_length=340, pattern=CURSOR, description="Where the page begins."),
]
"""Of lists by a name of up to 255 bytes."""

T = TypeVar("T")


class Page(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """``next`` is the cursor of the next page; None on the last."""

    items: list[T]
    next: str | None


def page(
    request: Asking,
    rows: Sequence[T],
    limit: int,
    key: Callable[[T], object],
    headers: dict[str, str] | None = None,
) -> Response[Page[T]]:
    """``rows`` may hold one more than ``limit``: then there is a next page."""
    items = list(rows[:limit])
    cursor = _encode(key(items[-1])) if len(rows) > limit else None
    link = {"link": f'<{request.url.path}?{_query(request, cursor)}>; rel="next"'} if cursor else {}
    return Response(Page(items=items, next=cursor), headers=link | (headers or {}))


def position_of(cursor: str | None) -> int | None:
    """The position that a cursor stands for. Raises BodyInvalid."""
    if cursor is None:
        return None
    text = _decode(cursor)
    if not (text.isascii() and text.isdigit() and len(text) < 19):  # noqa: PLR2004 (a bigint)
        raise BodyInvalid("The cursor is not one that was given out.")
    return int(text)


def text_of(cursor: str | None) -> str:
    """The text that a cursor stands for. Raises BodyInvalid."""
    return "" if cursor is None else _decode(cursor)


def id_of(cursor: str | None) -> UUID | None:
    """The id that a cursor stands for. Raises BodyInvalid."""
    if cursor is None:
        return None
    try:
        return UUID(_decode(cursor))
    except ValueError as e:
        raise BodyInvalid("The cursor is not one that was given out.") from e


def _query(request: Asking, cursor: str) -> str:
    items = request.query_params.multi_items()
    return urlencode([(n, v) for n, v in items if n != "cursor"] + [("cursor", cursor)])


def _encode(value: object) -> str:
    return base64.urlsafe_b64encode(str(value).encode()).decode().rstrip("=")


def _decode(cursor: str) -> str:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError) as e:
        raise BodyInvalid("The cursor is not one that was given out.") from e
    if "\0" in text:  # PostgreSQL keeps none, so that it cannot be one's end either
        raise BodyInvalid("The cursor is not one that was given out.")
    return text
