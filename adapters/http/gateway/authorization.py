"""What comes before every handler: the rules, and then the names in the query."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

from litestar import Litestar, Request
from litestar.exceptions import ValidationException
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter
from litestar.routes import BaseRoute, HTTPRoute

from adapters.http.dialect import Dialect
from adapters.http.gateway import rules
from adapters.http.gateway.policy import must_permit


async def before(request: Request[Any, Any, Any]) -> None:
    """What Litestar does before each handler, not as a guard: for each of those it copies the whole
    handler anew at every request. Async, or it would run in a thread.

    Raises NotPermitted, ValidationException.
    """
    handler: HTTPRouteHandler = request.route_handler
    if (group := handler.opt.get("may")) is None:
        return  # what is open, or Litestar's own description of the interface
    must_permit(request.scope["state"]["actor"], str(handler.name), group)
    if request.scope["query_string"] and "query" not in handler.opt:
        _must_be_known(handler, request.scope["query_string"].decode("latin-1"))


def must_be_guarded(dialects: Iterable[Dialect]) -> None:
    """Every route of every dialect names a rule, or is at a path that is open. Raises LookupError,
    RulesInvalid."""
    known: dict[str, str] = {}
    for dialect in dialects:
        for route in dialect.routes:
            if ("may" in route.opt) is (route.paths <= dialect.open_paths):
                raise LookupError(f"{route.name}: either its path is open, or it names a rule")
        known |= rules.ruled(dialect.routes)
    rules.validate(known)


def must_be_before_all(app: Litestar) -> None:
    """Nothing may stand in its place: of what is to run before a handler, Litestar takes the
    innermost alone. Raises LookupError."""
    if past := sorted(route.path for route in app.routes if not _is_before(route)):
        raise LookupError(f"routes that go past the rules of policy.cedar: {past}")


def _is_before(route: BaseRoute) -> bool:
    return isinstance(route, HTTPRoute) and all(
        handler.resolve_before_request() is before for handler in route.route_handlers
    )


def _must_be_known(handler: HTTPRouteHandler, query: str) -> None:
    """A misspelt as_of would be answered as of now. Raises ValidationException."""
    given = Counter(name for name, _ in parse_qsl(query, keep_blank_values=True))
    known = _known(handler)
    for name, count in given.items():
        if name not in known:
            there = f"there are {', '.join(known)}" if known else "it takes none"
            raise ValidationException(f"The query has no parameter {name!r} here: {there}.")
        if count > 1:
            raise ValidationException(f"The query has {name!r} more than once.")


def _known(handler: HTTPRouteHandler) -> tuple[str, ...]:
    """By name."""
    given = handler.parsed_fn_signature.parameters.items()
    definitions = [(name, field.kwarg_definition) for name, field in given]
    return tuple(
        sorted(
            definition.name or name
            for name, definition in definitions
            if isinstance(definition, QueryParameter)
        )
    )
