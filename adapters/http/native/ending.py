"""The answer to a request for an operation: accepted, or, if the caller waits, how it ended."""

from __future__ import annotations

from uuid import UUID

import msgspec
from litestar import Response

from adapters.http.gateway.dispatch import Asking, reply
from adapters.http.gateway.region import Region
from adapters.http.gateway.waiting import preferred_wait
from adapters.http.native.operations.operations import view_operation
from commands.engine.store import Answer

_json = msgspec.json.Encoder().encode


async def ended_or_accepted(
    region: Region, request: Asking, answer: Answer, operation: UUID
) -> Response[bytes]:
    """202 with what was recorded; with ``Prefer: wait=N``, 200 with the operation if it ends."""
    where = {"location": f"/v1/operations/{operation}"}
    if wait := preferred_wait(request.headers.get("prefer")):
        row = await region.operation(operation)
        if not row.has_ended:
            row = await region.readside.ends(operation, wait) or row
        if row.has_ended:
            applied = {"preference-applied": f"wait={wait:.0f}"}
            return Response(
                _json(view_operation(region, row)),
                status_code=200,
                media_type="application/json",
                headers=where | applied,
            )
    return reply(answer, 202, where)
