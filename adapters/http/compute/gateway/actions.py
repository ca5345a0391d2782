"""Actions: what a POST to ``.../action`` does is named by the only field of its body."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar.handlers import HTTPRouteHandler

from adapters.http.compute.gateway.calls import Call, ComputeAnswer, Handle
from adapters.http.compute.gateway.entering import BASE
from adapters.http.compute.gateway.faults import UNSERVED, Fault, forbidden
from adapters.http.compute.gateway.microversions import NEWEST, OLDEST, V
from adapters.http.compute.gateway.routes import ComputeRoute, handler, read
from adapters.http.compute.gateway.versioned import Schemas, Versioned
from adapters.http.gateway.policy import lets


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """``may`` is its rule in our policy, where it is called ``name``; ``rule`` what Nova's calls
    it; ``bodies`` the schemas of the whole body, the action's own name included."""

    name: str
    may: str
    handle: Handle
    bodies: Versioned
    status: int = 202
    since: V = OLDEST
    until: V = NEWEST
    answers: Schemas = {}
    rule: str = ""


def action(
    name: str,
    handle: Handle,
    *,
    may: str,
    body: Schemas,
    status: int = 202,
    since: V = OLDEST,
    until: V = NEWEST,
    answer: Schemas | None = None,
    rule: str = "",
) -> Action:
    """Declare one."""
    return Action(
        name=name,
        may=may,
        handle=handle,
        bodies=Versioned(body),
        status=status,
        since=since,
        until=until,
        answers=answer or {},
        rule=rule,
    )


def actions(path: str, *, name: str, may: str, table: dict[str, Action]) -> HTTPRouteHandler:
    """The route of all actions at ``path``; who may do which is asked of each."""

    async def act(call: Call) -> ComputeAnswer:
        body = await read(call.request)
        one = _chosen(table, body)
        if not one.since <= call.at <= one.until:
            raise Fault(404, UNSERVED)
        if not lets(call.actor, one.name, one.may):
            raise forbidden(one.rule or one.name)
        checked = one.bodies(call.at)
        asked = msgspec.structs.replace(call, body=checked.body(body) if checked else body)
        told = await one.handle(asked)
        if isinstance(told, ComputeAnswer):
            return msgspec.structs.replace(told, status=told.status or one.status)
        return ComputeAnswer(body=told, status=one.status)

    return handler(
        ComputeRoute(
            method="POST",
            path=f"{BASE}{path}",
            name=name,
            may=may,
            handle=act,
            bodies=Versioned({}),
            queries=Versioned({}),
            actions=table,
        )
    )


def _chosen(table: dict[str, Action], body: Any) -> Action:
    """Raises Fault."""
    if not isinstance(body, dict) or len(body) != 1:
        raise Fault(400, "Malformed request body")
    (name,) = body
    if name not in table:
        raise Fault(400, f"There is no such action: {name}")
    return table[name]
