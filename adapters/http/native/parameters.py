"""A parameter of a path or a query that Litestar has refused, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from litestar.exceptions import ValidationException
from litestar.handlers import HTTPRouteHandler

from adapters.invalid.places import NOTHING
from adapters.invalid.words import in_words


def worded(scope: Any, exception: Exception) -> Exception:
    """The same, with its words in place of Litestar's."""
    if isinstance(exception, ValidationException) and isinstance(exception.extra, list):
        said = " ".join(_said(scope, wrong) for wrong in exception.extra)
        return ValidationException(said)
    return exception


def _said(scope: Any, wrong: Mapping[str, str]) -> str:
    handler: HTTPRouteHandler = scope["route_handler"]
    field = handler.parsed_fn_signature.parameters.get(wrong.get("key", ""))
    if field is None:
        return f"{wrong['message']}."
    name = getattr(field.kwarg_definition, "name", None) or field.name
    return in_words(wrong["message"], field.annotation, _given(scope, name), name)


def _given(scope: Any, name: str) -> Any:
    """As text, where it can be told."""
    if name in scope["path_params"]:
        return str(scope["path_params"][name])
    query = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    return query[name][-1] if name in query else NOTHING
