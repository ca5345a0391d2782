"""Links as Nova gives them, absolute, in the words of the request's own scheme and host."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from adapters.http.compute.validation import Query

Link = dict[str, str]
BASE = "/compute/v2.1"
_BOOKMARKS = "/compute"


class Links:
    """Made once a request, of its scope."""

    def __init__(self, scope: Any) -> None:
        self.origin = f"{scope['scheme']}://{_host(scope)}"

    def self_(self, collection: str, id: str) -> Link:
        return {"rel": "self", "href": f"{self.origin}{BASE}/{collection}/{_safe(id)}"}

    def bookmark(self, collection: str, id: str) -> Link:
        return {"rel": "bookmark", "href": f"{self.origin}{_BOOKMARKS}/{collection}/{_safe(id)}"}

    def both(self, collection: str, id: str) -> list[Link]:
        return [self.self_(collection, id), self.bookmark(collection, id)]

    def next(self, collection: str, query: Query, marker: str) -> list[Link]:
        """The page after the one that ends with ``marker``; a list, as answers carry it."""
        kept = {name: values[-1] for name, values in sorted(query.items())} | {"marker": marker}
        return [{"rel": "next", "href": f"{self.origin}{BASE}/{collection}?{urlencode(kept)}"}]


def _host(scope: Any) -> str:
    for name, value in scope["headers"]:
        if name == b"host":
            return str(value.decode("latin-1"))
    host, port = scope.get("server") or ("localhost", 80)
    return f"{host}:{port}"


def _safe(id: str) -> str:
    return quote(id, safe=":@")
