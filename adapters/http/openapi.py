"""The API's own description: Litestar's, with what it cannot know of strict bodies and problems."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import MediaType, Request, Router
from litestar.openapi.plugins import OpenAPIRenderPlugin

from adapters.http.policy import OPEN
from adapters.http.quotas import QuotaBody
from adapters.http.scaling import ScaleBody
from adapters.http.servers import AdoptBody, CeilingBody
from adapters.reports import Outcomes
from commands.declare_ceiling import CeilingSet
from commands.resolve_scale import ReadBackAccepted
from commands.scale_server import ScaleAccepted
from commands.set_quota import QuotaSet

BODIES: dict[str, type[msgspec.Struct]] = {
    "adopt_server": AdoptBody,
    "declare_ceiling": CeilingBody,
    "scale_server": ScaleBody,
    "set_quota": QuotaBody,
    "report_outcomes": Outcomes,
}

# Handlers that hand on a recorded reply as its bytes.
REPLIES: dict[str, type[msgspec.Struct]] = {
    "declare_ceiling": CeilingSet,
    "scale_server": ScaleAccepted,
    "set_quota": QuotaSet,
    "resolve_operation": ReadBackAccepted,
}

# Repeating these does no harm by itself.
_NO_KEY = frozenset({"report_outcomes", "rebuild_projection"})

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

    def receive_router(self, router: Router) -> None:
        """Without Litestar's own answer to what is unknown under /v1, which is a page of HTML."""
        router.routes[:] = [route for route in router.routes if not route.path_parameters]


def completed(document: dict[str, Any]) -> dict[str, Any]:
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    told = [*BODIES.values(), *REPLIES.values()]
    refs, known = msgspec.json.schema_components(told, ref_template=_REF)
    schemas |= known | {"Problem": _PROBLEM}
    by_name = dict(zip(BODIES, refs, strict=False))
    replies = dict(zip(REPLIES, refs[len(BODIES) :], strict=True))
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            _complete(method, operation, by_name.get(operation["operationId"]))
            if reply := replies.get(operation["operationId"]):
                _replies(operation, reply)
            if path in OPEN:
                operation["security"] = []
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
    if method == "post" and operation["operationId"] not in _NO_KEY:
        operation.setdefault("parameters", []).append(_KEY)


def _replies(operation: dict[str, Any], reply: dict[str, Any]) -> None:
    (done,) = (code for code in operation["responses"] if code < "400")
    operation["responses"][done]["content"] = {"application/json": {"schema": reply}}
    if operation["operationId"] == "scale_server":
        operation["responses"]["200"] = {
            "description": "It has ended within the time that the caller preferred to wait.",
            "content": {
                "application/json": {"schema": {"$ref": _REF.format(name="OperationView")}}
            },
        }
