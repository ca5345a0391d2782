"""How a route of the Compute door is declared: its schemas by microversion beside its handler."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.types import Method

from adapters.http.compute.gateway.entering import BASE, entered
from adapters.http.compute.gateway.faults import MISMATCH, UNSERVED, Fault
from adapters.http.compute.gateway.links import Links
from adapters.http.compute.gateway.microversions import NEWEST, OLDEST, V
from adapters.http.compute.gateway.parameters import NO_QUERY, NO_QUERY_STRICT, Schema
from adapters.http.compute.gateway.validation import Checked, Query, document
from adapters.http.gateway.dispatch import Asking, actor_of, ask
from adapters.http.gateway.parts.context import Context
from adapters.http.gateway.parts.parts import Parts, parts_of
from adapters.http.gateway.parts.reads import Reads
from adapters.tokens import Actor
from commands.command import Command
from commands.engine.store import Answer

Schemas = dict[V, Schema]
"""Each holds from its microversion on, until the next one."""

# From 2.102 on, nothing is taken in a query that a route does not know.
QUERY: Schemas = {OLDEST: NO_QUERY, V(2, 102): NO_QUERY_STRICT}


class Call(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One request, checked: its path's parameters as text, its query and its body as the schemas
    have them."""

    request: Asking
    parts: Parts
    at: V
    path: dict[str, str]
    query: Query
    body: Any = None

    @property
    def context(self) -> Context:
        return self.parts.context

    @property
    def reads(self) -> Reads:
        return self.parts.reads

    @property
    def actor(self) -> Actor:
        return actor_of(self.request)

    @property
    def links(self) -> Links:
        return Links(self.request.scope)

    def one(self, name: str) -> str | None:
        """The last value of a query parameter."""
        values = self.query.get(name)
        return values[-1] if values else None

    async def ask(self, command: Command) -> Answer:
        """Ask the sequencer in the caller's name. Raises all that the sequencer does."""
        answer = await ask(self.parts.sequencer, self.request, command)
        self.request.scope["state"]["position"] = answer.position
        return answer


class ComputeAnswer(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An answer with another status than the route's own, or with headers of its own."""

    body: Any = None
    status: int | None = None
    headers: dict[str, str] = {}


Handle = Callable[[Call], Awaitable[Any]]


class Versioned:
    """One schema for each range of microversions, each compiled once."""

    def __init__(self, schemas: Schemas) -> None:
        self._checked = [(since, Checked(schema)) for since, schema in sorted(schemas.items())]
        self.schemas = schemas

    def __call__(self, at: V) -> Checked | None:
        found = None
        for since, checked in self._checked:
            if since > at:
                break
            found = checked
        return found


class ComputeRoute(msgspec.Struct, frozen=True, kw_only=True):
    """A route as it was declared. ``may`` is its rule in our policy; ``rule`` what Nova's
    policy calls it; ``actions`` those of a route of actions (see actions.py)."""

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
    actions: dict[str, Any] = {}

    def served(self, at: V) -> bool:
        return self.since <= at <= self.until


def route(
    method: Method,
    path: str,
    *,
    name: str,
    may: str,
    since: V = OLDEST,
    until: V = NEWEST,
    status: int = 200,
    body: Schemas | None = None,
    query: Schemas | None = None,
    answer: Schemas | None = None,
    rule: str = "",
) -> Callable[[Handle], HTTPRouteHandler]:
    """Declare a route; ``path`` is what follows ``/compute/v2.1``. A microversion outside
    ``since`` and ``until`` is answered as if it were not there."""

    def declared(handle: Handle) -> HTTPRouteHandler:
        return handler(
            ComputeRoute(
                method=method,
                path=f"{BASE}{path}",
                name=name,
                may=may,
                handle=handle,
                since=since,
                until=until,
                status=status,
                bodies=Versioned(body or {}),
                queries=Versioned(query or (QUERY if method == "GET" else {})),
                answers=answer or {},
                rule=rule,
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
        opt={"compute": route, "may": route.may, "actions": actions, "query": "checked"},
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
