"""The API's own description: Litestar's, with what it cannot know of strict bodies and problems."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec
from litestar import Litestar, Request, Response, get

from adapters.http.quotas import QuotaBody
from adapters.http.servers import AdoptBody, CeilingBody, ScaleBody
from adapters.relay.outcomes import Outcomes

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


@get("/v1/openapi.json", name="show_openapi", include_in_schema=False, sync_to_thread=False)
def show_openapi(request: Request[Any, Any, Any]) -> Response[bytes]:
    """OpenAPI 3.1."""
    return Response(_document(request.app), media_type="application/json")


@cache
def _document(app: Litestar) -> bytes:
    document = app.openapi_schema.to_schema()
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    refs, bodies = msgspec.json.schema_components(list(BODIES.values()), ref_template=_REF)
    schemas |= bodies | {"Problem": _PROBLEM}
    by_name = dict(zip(BODIES, refs, strict=True))
    for path in document["paths"].values():
        for method, operation in path.items():
            _complete(method, operation, by_name.get(operation["operationId"]))
    document["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    document["security"] = [{"token": []}]
    return msgspec.json.encode(document)


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
