"""/openapi.json: the Compute door's own description, for the microversion in which it is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from litestar import Litestar

from adapters.http.compute.gateway.calls import Call
from adapters.http.compute.gateway.faults import NAMES, OTHER
from adapters.http.compute.gateway.microversions import V
from adapters.http.compute.gateway.parameters import INTEGER, TEXT, Schema, obj
from adapters.http.compute.gateway.routes import ComputeRoute, route
from adapters.http.compute.gateway.versioned import Schemas, Versioned

_PARAMETER = re.compile(r"\{(\w+):str\}")
_SAID = obj({"code": INTEGER, "message": TEXT})
_FAULT: Schema = {
    "type": "object",
    "description": "Exactly one of these, named after the code.",
    "properties": dict.fromkeys(sorted({*NAMES.values(), OTHER}), _SAID)
    | {NAMES[429]: obj({**_SAID["properties"], "retryAfter": TEXT}, "retryAfter")}
    | {"error": {"type": "object", "description": "Of who is not known."}},
    "minProperties": 1,
    "maxProperties": 1,
    "additionalProperties": False,
}


@route("GET", "/openapi.json", name="compute_show_description", may="describe")
async def show_description(call: Call) -> Any:
    """What is asked and answered in one microversion; in another, ask in that one."""
    return described(call.request.app, call.at)


def described(app: Litestar, at: V) -> dict[str, Any]:
    """An OpenAPI 3.1 document."""
    paths: dict[str, dict[str, Any]] = {}
    for one in _routes(app):
        if one.served(at):
            path = paths.setdefault(_PARAMETER.sub(r"{\1}", one.path), {})
            path[one.method.lower()] = _operation(one, at)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Ullage: OpenStack Compute", "version": str(at)},
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": {"Fault": _FAULT},
            "securitySchemes": {
                "token": {"type": "apiKey", "in": "header", "name": "X-Auth-Token"}
            },
        },
        "security": [{"token": []}],
    }


def _routes(app: Litestar) -> Iterator[ComputeRoute]:
    for path in app.routes:
        for handler in getattr(path, "route_handlers", ()):
            if found := handler.opt.get("compute"):
                yield found


def _operation(one: ComputeRoute, at: V) -> dict[str, Any]:
    fault = {"schema": {"$ref": "#/components/schemas/Fault"}}
    operation: dict[str, Any] = {
        "operationId": one.name,
        "summary": (one.handle.__doc__ or one.name).partition("\n")[0],
        "parameters": [_microversion(at), *_path(one), *_query(one.queries, at)],
        "responses": {
            **_answers(one, at),
            "default": {"description": "A fault.", "content": {"application/json": fault}},
        },
    }
    if body := _body(one, at):
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": body}},
        }
    return operation


def _microversion(at: V) -> dict[str, Any]:
    return {
        "name": "OpenStack-API-Version",
        "in": "header",
        "required": True,
        "schema": {"const": f"compute {at}"},
    }


def _path(one: ComputeRoute) -> Iterator[dict[str, Any]]:
    for name in _PARAMETER.findall(one.path):
        schema = TEXT | {"minLength": 1}
        yield {"name": name, "in": "path", "required": True, "schema": schema}


def _query(queries: Versioned, at: V) -> Iterator[dict[str, Any]]:
    if checked := queries(at):
        for name, schema in checked.schema.get("properties", {}).items():
            yield {"name": name, "in": "query", "required": False, "schema": schema}


def _body(one: ComputeRoute, at: V) -> Schema | None:
    if one.actions:
        served = (action for action in one.actions.values() if action.since <= at <= action.until)
        bodies = (action.bodies(at) for action in served)
        return {"oneOf": [checked.schema for checked in bodies if checked]}
    checked = one.bodies(at)
    return checked.schema if checked else None


def _answers(one: ComputeRoute, at: V) -> dict[str, Any]:
    """By status: of a route of actions, each of theirs."""
    if not one.actions:
        return {str(one.status): _answer([_at(one.answers, at)])}
    by_status: dict[str, list[Schema | None]] = {}
    for action in one.actions.values():
        by_status.setdefault(str(action.status), []).append(_at(action.answers, at))
    return {status: _answer(schemas) for status, schemas in by_status.items()}


def _answer(schemas: list[Schema | None]) -> dict[str, Any]:
    told = [schema for schema in schemas if schema is not None]
    if len(told) < len(schemas) or not told:
        return {"description": "Done."}
    unique = [schema for place, schema in enumerate(told) if schema not in told[:place]]
    schema = unique[0] if len(unique) == 1 else {"anyOf": unique}
    return {"description": "Done.", "content": {"application/json": {"schema": schema}}}


def _at(schemas: Schemas, at: V) -> Schema | None:
    since = max((since for since in schemas if since <= at), default=None)
    return None if since is None else schemas[since]
