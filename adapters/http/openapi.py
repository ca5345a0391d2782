"""The API's own description: Litestar's, with what it cannot know of strict bodies and problems."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import MediaType, Request
from litestar.openapi.plugins import OpenAPIRenderPlugin

from adapters.http.quotas import QuotaBody
from adapters.http.servers import AdoptBody, CeilingBody, ScaleBody
from adapters.reports import Outcomes

BODIES: dict[str, type[msgspec.Struct]] = {
    "adopt_server": AdoptBody,
    "declare_ceiling": CeilingBody,
    "scale_server": ScaleBody,
    "set_quota": QuotaBody,
    "report_outcomes": Outcomes,
}

_REF = "#/components/schemas/{name}"

_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "Stable: urn:ullage:problem:<name>."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
}

_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    "description": "The same key and body get the same answer, and nothing is done twice.",
}


class CompletedOpenAPI(OpenAPIRenderPlugin):
    """Serves the completed document as JSON, and nothing from outside."""

    def __init__(self) -> None:
        super().__init__(path="/openapi.json", media_type=MediaType.JSON)
        self._rendered: bytes | None = None

    def render(self, _: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        if self._rendered is None:
            self._rendered = msgspec.json.encode(completed(openapi_schema))
        return self._rendered


def completed(document: dict[str, Any]) -> dict[str, Any]:
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    refs, bodies = msgspec.json.schema_components(list(BODIES.values()), ref_template=_REF)
    schemas |= bodies | {"Problem": _PROBLEM}
    by_name = dict(zip(BODIES, refs, strict=True))
    for path in document["paths"].values():
        for method, operation in path.items():
            _complete(method, operation, by_name.get(operation["operationId"]))
    document["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    document["security"] = [{"token": []}]
    return document


def _complete(method: str, operation: dict[str, Any], body: dict[str, Any] | None) -> None:
    operation["responses"] = {
        code: response for code, response in operation["responses"].items() if code < "400"
    }
    operation["responses"]["default"] = {
        "description": "A problem (RFC 9457).",
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
        },
    }
    if body:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": body}},
        }
    if method == "post" and operation["operationId"] != "report_outcomes":
        operation.setdefault("parameters", []).append(_KEY)
