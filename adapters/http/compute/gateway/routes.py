"""How a route of the Compute door is declared: its schemas by microversion beside its handler."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Required, TypedDict, Unpack

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.types import Method

from adapters.http.compute.gateway.calls import Call, ComputeAnswer, Handle
from adapters.http.compute.gateway.documents import document
from adapters.http.compute.gateway.entering import BASE, entered
from adapters.http.compute.gateway.faults import MISMATCH, UNSERVED, Fault
from adapters.http.compute.gateway.microversions import NEWEST, OLDEST, V
from adapters.http.compute.gateway.versioned import QUERY, Schemas, Versioned
from adapters.http.gateway.dispatch import Asking, actor_of
from adapters.http.gateway.parts.parts import Parts, parts_of


class ComputeRoute(msgspec.Struct, frozen=True, kw_only=True):
    """A route as it was declared. ``may`` is its rule in our policy; ``rule`` what Nova's
    policy calls it; ``heavy``: it reads many things; ``actions``: those of a route of actions (see
    actions.py)."""

    method: Method
    path: str
    name: str
    may: str
    handle: Handle
    since: V = OLDEST
    until: V = NEWEST
    status: int = 200
    bodies: Versioned
    queries: Versioned
    answers: Schemas = {}
    rule: str = ""
    heavy: bool = False
    actions: dict[str, Any] = {}

    def served(self, at: V) -> bool:
        return self.since <= at <= self.until


class Declared(TypedDict, total=False):
    """What may be said of a route just as ComputeRoute keeps it."""

    name: Required[str]
    may: Required[str]
    since: V
    until: V
    status: int
    rule: str
    heavy: bool


def route(
    method: Method,
    path: str,
    *,
    body: Schemas | None = None,
    query: Schemas | None = None,
    answer: Schemas | None = None,
    **said: Unpack[Declared],
) -> Callable[[Handle], HTTPRouteHandler]:
    """Declare a route; ``path`` is what follows ``/compute/v2.1``. A microversion outside
    ``since`` and ``until`` is answered as if it were not there."""

    def declared(handle: Handle) -> HTTPRouteHandler:
        return handler(
            ComputeRoute(
                method=method,
                path=f"{BASE}{path}",
                handle=handle,
                bodies=Versioned(body or {}),
                queries=Versioned(query or (QUERY if method == "GET" else {})),
                answers=answer or {},
                **said,
            )
        )

    return declared


def handler(route: ComputeRoute) -> HTTPRouteHandler:
    """Litestar's own, for one that was declared."""

    async def handle(request: Asking) -> Response[bytes]:
        told = await route.handle(await _checked(route, request, parts_of(request)))
        return _response(told, route.status, request.scope["state"].get("position"))

    actions = {action.name: action.may for action in route.actions.values()}
    return HTTPRouteHandler(
        route.path,
        http_method=route.method,
        name=route.name,
        status_code=200,  # of its own; each answer has that of its route
        include_in_schema=False,
        opt={"compute": route, "may": route.may, "actions": actions, "query": "checked"}
        | ({"heavy": True} if route.heavy else {}),
    )(handle)


def declared(handler: HTTPRouteHandler) -> ComputeRoute:
    found: ComputeRoute = handler.opt["compute"]
    return found


def rule_of(scope: Any) -> str:
    """What Nova's policy calls the route that was found."""
    handler = scope.get("route_handler")
    route: ComputeRoute | None = handler.opt.get("compute") if handler else None
    return (route.rule or route.name) if route else ""


async def _checked(route: ComputeRoute, request: Asking, parts: Parts) -> Call:
    """Raises Fault, VersionMalformed, VersionNotSupported."""
    scope = request.scope
    now = entered(scope)
    if now.refused:
        raise now.refused
    path: dict[str, str] = scope["path_params"]
    if not route.served(now.at) or any(map(_unprintable, path.values())):
        raise Fault(404, UNSERVED)
    home = actor_of(request).home
    if now.project and now.project != home:
        raise Fault(400, MISMATCH.format(named=now.project, own=home))
    queries, bodies = route.queries(now.at), route.bodies(now.at)
    return Call(
        request=request,
        parts=parts,
        reads=parts.reads.of(request),
        at=now.at,
        path=path,
        query=queries.query(scope["query_string"]) if queries else {},
        body=bodies.body(await read(request)) if bodies else None,
    )


async def read(request: Asking) -> Any:
    """The request's body as a JSON document. Raises Fault, BodyTooLarge."""
    return document(await request.body(), request.headers.get("content-type", ""))


def _unprintable(value: str) -> bool:
    return not value.isprintable()


def _response(told: Any, status: int, position: int | None) -> Response[bytes]:
    """``position`` of what was written, for a process that follows to wait for it."""
    headers: dict[str, str] = {}
    if type(told) is ComputeAnswer:
        told, status, headers = told.body, told.status or status, told.headers
    if position is not None:
        headers = {**headers, "ullage-position": str(position)}
    return Response(
        told if type(told) is bytes else b"" if told is None else msgspec.json.encode(told),
        status_code=status,
        headers=headers,
        media_type="application/json",
    )
