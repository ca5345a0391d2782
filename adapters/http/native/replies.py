"""How the reply of a command is answered: as it was recorded, or, if the caller waits, by the
operation that it began."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response

from adapters.http.gateway.dispatch import Asking, etag
from adapters.http.gateway.parts.reads import Reads
from adapters.http.gateway.waiting import preferred_wait
from adapters.http.native.operation_view import view_operation
from commands.command import Reply
from commands.engine.store import Answer

_json = msgspec.json.Encoder().encode


class ReplyForm(msgspec.Struct, frozen=True, kw_only=True):
    """How the reply of a command is answered.

    ``reply``: its type; None: the answer has no body. ``location``: where to find what was made.
    ``ends``: it began an operation, for whose end a caller may wait.
    """

    reply: type[Reply] | None
    status: int
    location: Callable[[Any], str] | None = None
    ends: bool = False

    @property
    def versioned(self) -> bool:
        """Whether the reply has the version that an ETag tells."""
        return self.reply is not None and "version" in self.reply.__struct_fields__


async def replied(reads: Reads, request: Asking, answer: Answer, told: ReplyForm) -> Response[Any]:
    """The position of its last fact goes with it, and what it tells of version and place. Raises
    NotFound, Unavailable."""
    headers = {"ullage-position": str(answer.position)}
    if told.reply is None:
        return Response(None, status_code=told.status, headers=headers)
    if told.ends or told.location or told.versioned:
        reply: Any = msgspec.json.decode(answer.reply, type=told.reply)
        if told.ends:
            return await _ended_or_accepted(reads, request, answer, reply.operation)
        if told.versioned:
            headers |= etag(reply.version)
        if told.location:
            headers["location"] = told.location(reply)
    return _recorded(answer, told.status, headers)


async def _ended_or_accepted(
    reads: Reads, request: Asking, answer: Answer, operation: UUID
) -> Response[bytes]:
    """202 with what was recorded; with ``Prefer: wait=N``, 200 with the operation if it ends."""
    where = {"location": f"/v1/operations/{operation}"}
    if wait := preferred_wait(request.headers.get("prefer")):
        row = await reads.operation(operation)
        if not row.has_ended:
            row = await reads.readside.ends(operation, wait) or row
        if row.has_ended:
            applied = {"preference-applied": f"wait={wait:.0f}"}
            return Response(
                _json(view_operation(reads, row)),
                status_code=200,
                media_type="application/json",
                headers=where | applied,
            )
    return _recorded(answer, 202, {"ullage-position": str(answer.position), **where})


def _recorded(answer: Answer, status: int, headers: dict[str, str]) -> Response[bytes]:
    return Response(
        answer.reply, status_code=status, media_type="application/json", headers=headers
    )
