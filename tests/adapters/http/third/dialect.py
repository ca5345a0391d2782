"""A third API, as small as one can be: what it needs is this folder, and to be named once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.types import Message, Send

from adapters.http.dialect import ErrorResponse
from adapters.http.gateway.dispatch import actor_of, ask
from adapters.http.gateway.parts.parts import parts_of
from adapters.http.gateway.policy import shown_project
from adapters.http.gateway.statuses import STATUS
from commands.quotas.set_quota import SetQuota

Asked = Request[Any, Any, Any]


@get("/tally", include_in_schema=False)
async def greet() -> str:
    return "tally speaks"


@get("/tally/{project:str}", may="see", include_in_schema=False)
async def count_servers(request: Asked, project: FromPath[str]) -> int:
    rows = parts_of(request).reads.models.servers.all()
    shown = shown_project(actor_of(request), project)
    return sum(row.state.project == shown for row in rows)


@post("/tally/{project:str}", may="operate")
async def allow_cores(request: Asked, project: FromPath[str]) -> Response[bytes]:
    """As many as its body says."""
    limits: dict[str, int | None] = {"cores": int(await request.body())}
    command = SetQuota(project=project, limits=limits)
    answer = await ask(parts_of(request).sequencer, request, command)
    return Response(b"", headers={"ullage-position": str(answer.position)})


class Tally:
    """Implements adapters.http.dialect.Dialect."""

    prefix = "/tally"
    open_paths = frozenset({"/tally"})
    routes: Sequence[HTTPRouteHandler] = (greet, count_servers, allow_cores)

    def enter(self, scope: Any, send: Send) -> Send:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"tally", b"1")]
            await send(message)

        return sent

    def refused(self, _: Any, exception: Exception) -> ErrorResponse:
        status: int = getattr(exception, "status_code", STATUS.get(type(exception), 500))
        said = msgspec.json.encode({"tally": f"no: {type(exception).__name__}"})
        return ErrorResponse(status, said, {"content-type": "application/tally+json"})

    def describe(self, document: dict[str, Any]) -> None:
        document["paths"]["/tally/{project}"]["post"]["tags"] = ["tally"]
