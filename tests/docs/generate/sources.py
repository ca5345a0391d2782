"""How a running region describes its own API, which most pages of routes are made from."""

from __future__ import annotations

from typing import Any

import msgspec

from tests.kit.region import regions

Document = dict[str, Any]
_METHODS = ("get", "post", "put", "patch", "delete")


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One method of one path, as an OpenAPI document describes it."""

    path: str
    method: str
    described: Document

    @property
    def id(self) -> str:
        return str(self.described["operationId"])


def described(dsn: str) -> Document:
    """The OpenAPI document of a region on this database."""
    with regions(dsn) as new:
        answered = new().leading().get("/v1/openapi.json")
    assert answered.is_success, answered.text
    document: Document = answered.json()
    return document


def operations(document: Document) -> list[Operation]:
    """All of them, by path."""
    return [
        Operation(path=path, method=method, described=methods[method])
        for path, methods in sorted(document["paths"].items())
        for method in _METHODS
        if method in methods
    ]
