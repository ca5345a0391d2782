"""The description of all that is served, as Litestar makes it and each dialect completes it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from litestar import MediaType, Request, Router
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import OpenAPIRenderPlugin

from adapters.http.dialect import Dialect


def described(dialects: Sequence[Dialect]) -> OpenAPIConfig:
    """Of those routes that their dialects include in it, each by its name."""
    return OpenAPIConfig(
        title="Ullage",
        version="1",
        path="/v1",
        use_handler_docstrings=True,
        render_plugins=[_Completed(dialects)],
        operation_id_creator=lambda handler, _method, _path: str(handler.name),
    )


class _Completed(OpenAPIRenderPlugin):
    """Serves the completed document as JSON, and nothing from outside."""

    def __init__(self, dialects: Sequence[Dialect]) -> None:
        super().__init__(path="/openapi.json", media_type=MediaType.JSON)
        self._dialects = dialects
        self._rendered: bytes | None = None

    def render(self, _: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        if self._rendered is None:
            self._rendered = msgspec.json.encode(completed(openapi_schema, self._dialects))
        return self._rendered

    def receive_router(self, router: Router) -> None:
        """Without Litestar's own answer to what is unknown under /v1, which is a page of HTML."""
        router.routes[:] = [route for route in router.routes if not route.path_parameters]


def completed(document: dict[str, Any], dialects: Sequence[Dialect]) -> dict[str, Any]:
    """The same document."""
    document.setdefault("components", {}).setdefault("schemas", {})
    for dialect in dialects:
        dialect.describe(document)
        for path in dialect.open_paths & document["paths"].keys():
            for operation in document["paths"][path].values():
                operation["security"] = []
    document["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    document["security"] = [{"token": []}]
    return document
