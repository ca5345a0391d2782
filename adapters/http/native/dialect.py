"""The native API, under /v1: all of its routes, and its words for what goes wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from litestar.handlers import HTTPRouteHandler
from litestar.types import Message, Send

from adapters.http.dialect import ErrorResponse
from adapters.http.gateway.forwarding import was_forwarded
from adapters.http.gateway.request_ids import request_id
from adapters.http.native import openapi
from adapters.http.native.parameters import worded
from adapters.http.native.problems import problem
from adapters.http.native.served import ROUTES

_ID = b"x-request-id"


@dataclass(frozen=True)
class Native:
    """Implements adapters.http.dialect.Dialect. It has all paths that no other dialect has."""

    prefix: ClassVar[str] = ""
    open_paths: ClassVar[frozenset[str]] = frozenset({"/", "/healthz", "/readyz"})
    routes: ClassVar[Sequence[HTTPRouteHandler]] = ROUTES

    def enter(self, scope: Any, send: Send) -> Send:
        async def sent(message: Message) -> None:
            # The answer of a leader to whom it was handed on carries one already.
            if message["type"] == "http.response.start" and not was_forwarded(scope):
                _add_id(scope, message)
            await send(message)

        return sent

    def refused(self, scope: Any, exception: Exception) -> ErrorResponse:
        return problem(worded(scope, exception))

    def describe(self, document: dict[str, Any]) -> None:
        openapi.complete(document, ROUTES)


def _add_id(scope: Any, message: Any) -> None:
    id_ = (_ID, str(request_id(scope)).encode())
    message["headers"] = [*message.get("headers", ()), id_]
