"""What Litestar cannot know of the native API: strict bodies, recorded replies, problems."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from litestar.handlers import HTTPRouteHandler

from adapters.http.native.routes import NativeRoute

_REF = "#/components/schemas/{name}"

_OPERATION = {"$ref": _REF.format(name="OperationView")}
_ENDED = "It has ended within the time that the caller preferred to wait."

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


def complete(document: dict[str, Any], routes: Iterable[HTTPRouteHandler]) -> None:
    """Of these routes, in place."""
    declared: dict[str, NativeRoute] = {str(one.name): one.opt["native"] for one in routes}
    refs = _schemas(document, declared.values())
    for methods in document["paths"].values():
        for operation in methods.values():
            if route := declared.get(operation["operationId"]):
                _complete(operation, route, refs)


def _schemas(document: dict[str, Any], routes: Iterable[NativeRoute]) -> dict[Any, dict[str, Any]]:
    """References to all bodies and replies, which stand in the document from now on."""
    kinds = {kind: None for one in routes for kind in (one.body, one.reply) if kind}
    refs, known = msgspec.json.schema_components([*kinds], ref_template=_REF)
    document["components"]["schemas"] |= known | {"Problem": _PROBLEM}
    return dict(zip(kinds, refs, strict=True))


def _complete(
    operation: dict[str, Any], route: NativeRoute, refs: dict[Any, dict[str, Any]]
) -> None:
    answers = {code: one for code, one in operation["responses"].items() if code < "400"}
    answers.get("204", {}).pop("content", None)
    operation["responses"] = answers
    if route.reply:
        (done,) = answers
        answers[done]["content"] = _json(refs[route.reply])
    if route.told and route.told.ends:
        answers["200"] = {"description": _ENDED, "content": _json(_OPERATION)}
    answers["default"] = {
        "description": "A problem (RFC 9457).",
        "content": {"application/problem+json": {"schema": {"$ref": _REF.format(name="Problem")}}},
    }
    if route.body:
        operation["requestBody"] = {"required": True, "content": _json(refs[route.body])}
    if route.keyed:
        operation.setdefault("parameters", []).append(_KEY)


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
