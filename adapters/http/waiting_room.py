"""What is answered while the process waits for its database: that it does, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from litestar.types import Receive, Scope, Send

from adapters.http.dialect import Dialect, ErrorResponse
from adapters.http.gateway.gateway import longest_first, spoken
from adapters.http.gateway.request_ids import give_id
from adapters.http.gateway.responding import respond
from adapters.http.native.region.health import Health
from adapters.random_ids import RandomIds
from commands.engine.request import Unavailable

_HEALTH = {"/healthz": (200, "ok"), "/readyz": (503, "not ready")}


class WaitingRoom:
    """An ASGI application. ``why``: what is waited for, in words that anybody may read."""

    def __init__(self, dialects: Sequence[Dialect]) -> None:
        self._dialects = longest_first(dialects)
        self._new_id = RandomIds()
        self.why = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if str(scope["type"]) == "lifespan":
            await _live(receive, send)
        elif scope["path"] in _HEALTH:
            await respond(send, self._health(scope["path"]))
        else:
            await self._refuse(scope, send)

    def _health(self, path: str) -> ErrorResponse:
        status, word = _HEALTH[path]
        body = msgspec.json.encode(Health(status=word, role="waiting", why=self.why))
        return ErrorResponse(status, body, {"content-type": "application/json"})

    async def _refuse(self, scope: Any, send: Send) -> None:
        dialect = spoken(self._dialects, scope["path"])
        scope.setdefault("state", {})["dialect"] = dialect
        give_id(scope, self._new_id())
        entered = dialect.enter(scope, send)
        await respond(entered, dialect.refused(scope, Unavailable()))


async def _live(receive: Receive, send: Any) -> None:
    """Begin and end with the server, with nothing to do."""
    for said in ("lifespan.startup", "lifespan.shutdown"):
        await receive()
        await send({"type": f"{said}.complete"})
