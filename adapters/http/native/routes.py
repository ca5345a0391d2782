"""How a native route is declared: who may call it, what it takes and what it tells."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, get_args

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.types import Method

from adapters.http.gateway import body
from adapters.http.gateway.dispatch import Asking, ask
from adapters.http.gateway.parts.parts import parts_by_type, parts_of
from adapters.http.native.replies import ReplyForm, replied
from commands.command import Command, Reply
from commands.engine.store import Answer

_Handle = Callable[..., Awaitable[Any]]

ASKED = "asked"
"""The parameter that is the body, decoded as its type."""


class NativeRoute(msgspec.Struct, frozen=True, kw_only=True):
    """A route as it was declared. ``body``: what it takes; ``told``: how the reply of its command
    is answered, where it answers by one; ``keyed``: whether it takes an Idempotency-Key."""

    body: type[msgspec.Struct] | None
    told: ReplyForm | None
    keyed: bool

    @property
    def reply(self) -> type[Reply] | None:
        """What the command of it replies, where it is answered by that."""
        return self.told.reply if self.told else None


def route(
    method: Method,
    path: str,
    *,
    may: str | None = None,
    status: int | None = None,
    reply: type[Reply] | None = None,
    location: Callable[[Any], str] | None = None,
    ends: bool = False,
    keyed: bool = True,
    heavy: bool = False,
    **litestar: Any,
) -> Callable[[_Handle], HTTPRouteHandler]:
    """Declare one, named as its handler is.

    ``may``: its rule in policy.cedar; None: it is open. A handler takes the parts that it names by
    their type, its body as ``asked``, and returns an answer of its own; or a command, or what one
    was answered: then ``reply`` says of what kind that is, ``location`` where to find what was
    made, and ``ends`` that it began an operation, for whose end a caller may wait. ``heavy``: it
    reads many things.
    """
    fine = status or {"POST": 201}.get(method, 200)
    told = ReplyForm(reply=reply, status=fine, location=location, ends=ends)
    keyed = keyed and method in {"POST", "DELETE"}
    opt = {"heavy": True} if heavy else {}
    return partial(
        _handler, path, told, may=may, keyed=keyed, opt=opt, http_method=method, **litestar
    )


get, post, put, patch, delete = (
    partial(route, method) for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
)


def _handler(
    path: str,
    told: ReplyForm,
    handle: _Handle,
    *,
    may: str | None,
    keyed: bool,
    opt: dict[str, Any],
    **litestar: Any,
) -> HTTPRouteHandler:
    """Litestar's own, for one that was declared."""
    signature = inspect.signature(handle, eval_str=True)
    asked = signature.parameters.get(ASKED)
    one = NativeRoute(
        body=asked.annotation if asked else None,
        told=told if _commands(signature) else None,
        keyed=keyed,
    )
    return HTTPRouteHandler(
        path,
        name=handle.__name__,
        status_code=told.status,
        opt=opt | {"native": one} | ({"may": may} if may else {}),
        **litestar,
    )(_shown(_called(handle, signature, one), handle, signature, one))


def _commands(signature: inspect.Signature) -> bool:
    """Whether a handler returns a command."""
    returned = signature.return_annotation
    return Command in (returned, *get_args(returned))


def _given(signature: inspect.Signature) -> dict[str, str]:
    """The parameters that are parts, and the name of each part."""
    known = parts_by_type()
    parameters = signature.parameters.values()
    return {one.name: known[one.annotation] for one in parameters if one.annotation in known}


def _called(handle: _Handle, signature: inspect.Signature, route: NativeRoute) -> _Handle:
    """The handler with all that it is given."""
    given = [*_given(signature).items()]
    with_request = "request" in signature.parameters

    async def called(request: Asking, **values: Any) -> Any:
        parts = parts_of(request)
        for name, part in given:
            values[name] = parts.reads.of(request) if part == "reads" else getattr(parts, part)
        if route.body:
            values[ASKED] = await body.read(request, route.body)
        if with_request:
            values["request"] = request
        found = await handle(**values)
        if route.told is None:
            return found
        answer = found if isinstance(found, Answer) else await ask(parts.sequencer, request, found)
        return await replied(parts.reads, request, answer, route.told)

    return called


def _shown(
    called: _Handle, handle: _Handle, signature: inspect.Signature, route: NativeRoute
) -> _Handle:
    """``called`` as Litestar is to see it: it knows of paths and queries, and of nothing else that
    is given."""
    hidden = {"request", ASKED, *_given(signature)}
    keyword = inspect.Parameter.KEYWORD_ONLY
    shown = [inspect.Parameter("request", keyword, annotation=Asking)]
    shown += [p.replace(kind=keyword) for n, p in signature.parameters.items() if n not in hidden]
    returned = signature.return_annotation
    if route.told:
        returned = Response[bytes] if route.told.reply else Response[None]
    called.__doc__, called.__module__ = handle.__doc__, handle.__module__
    called.__name__ = handle.__name__
    called.__annotations__ = {one.name: one.annotation for one in shown} | {"return": returned}
    vars(called)["__signature__"] = inspect.Signature(shown, return_annotation=returned)
    return called
