"""What a request costs the others: a look at one thing, a look at many, or a change."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Literal, get_args
from urllib.parse import unquote_to_bytes

from litestar.handlers import HTTPRouteHandler

from adapters.http.gateway.forwarding import READS

RouteClass = Literal["reads", "heavy_reads", "writes"]
ROUTE_CLASSES: tuple[RouteClass, ...] = get_args(RouteClass)

_PARAMETER = re.compile(r"\{[^}]*\}")
_NOTHING = re.compile(r"(?!)")


class RouteClasses:
    """Known by path, before Litestar has looked for a route. Heavy reads are the routes that say
    so (``heavy=True`` where they are declared), and whatever is asked as of a past time."""

    def __init__(self, routes: Iterable[HTTPRouteHandler]) -> None:
        paths = {path for route in routes if route.opt.get("heavy") for path in route.paths}
        self._exact = frozenset(path for path in paths if "{" not in path)
        patterns = [_pattern(path) for path in sorted(paths - self._exact)]
        self._pattern = re.compile("|".join(patterns)) if patterns else _NOTHING

    def of(self, scope: Any) -> RouteClass:
        """The class of a request."""
        if scope["method"] not in READS:
            return "writes"
        path = scope["path"].rstrip("/")
        heavy = path in self._exact or self._pattern.fullmatch(path) or _of_the_past(scope)
        return "heavy_reads" if heavy else "reads"


def _of_the_past(scope: Any) -> bool:
    query = scope["query_string"]
    return bool(query) and b"as_of=" in unquote_to_bytes(query)


def _pattern(path: str) -> str:
    return "[^/]+".join(re.escape(part) for part in _PARAMETER.split(path))
