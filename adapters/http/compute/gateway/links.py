"""Links as Nova gives them, absolute, in the words of the request's own scheme and host."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from adapters.http.compute.gateway.entering import BASE, PREFIX, entered
from adapters.http.compute.gateway.validation import Query

Link = dict[str, str]


class Links:
    """Made once a request, of its scope. Where its path names the project, so do they."""

    def __init__(self, scope: Any) -> None:
        project = entered(scope).project
        below, here = f"/{project}" if project else "", origin(scope)
        self._base, self._bookmarks = f"{here}{BASE}{below}", f"{here}{PREFIX}{below}"

    def self_(self, collection: str, id: str) -> Link:
        return {"rel": "self", "href": f"{self._base}/{collection}/{_safe(id)}"}

    def bookmark(self, collection: str, id: str) -> Link:
        return {"rel": "bookmark", "href": f"{self._bookmarks}/{collection}/{_safe(id)}"}

    def both(self, collection: str, id: str) -> list[Link]:
        return [self.self_(collection, id), self.bookmark(collection, id)]

    def next(self, collection: str, query: Query, marker: str) -> list[Link]:
        """The page after the one that ends with ``marker``; a list, as answers carry it."""
        kept = dict(sorted(query.items())) | {"marker": [marker]}
        return [{"rel": "next", "href": f"{self._base}/{collection}?{urlencode(kept, doseq=True)}"}]


def origin(scope: Any) -> str:
    """The request's own scheme and host."""
    return f"{scope['scheme']}://{_host(scope)}"


def _host(scope: Any) -> str:
    for name, value in scope["headers"]:
        if name == b"host":
            return str(value.decode("latin-1"))
    host, port = scope.get("server") or ("localhost", 80)
    return f"{host}:{port}"


def _safe(id: str) -> str:
    return quote(id, safe=":@")
