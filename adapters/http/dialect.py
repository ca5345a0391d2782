"""What an API must be to be served here: its paths, its routes, and its own words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from litestar.handlers import HTTPRouteHandler
from litestar.types import Send


class ErrorResponse(NamedTuple):
    """A refusal in the words of the API that was asked, ready to be sent."""

    status: int
    body: bytes
    headers: dict[str, str]


class Dialect(Protocol):
    """One API. Gateway, authorization and description know no other thing of it than this."""

    @property
    def prefix(self) -> str:
        """Of all its paths, as ``/compute``; the empty one has what no other dialect has."""

    @property
    def open_paths(self) -> frozenset[str]:
        """Which of its paths need no token."""

    @property
    def routes(self) -> Sequence[HTTPRouteHandler]:
        """Each says in its ``opt`` what it is to who may call it: ``may``, the name of a rule in
        gateway/policy.cedar. Those at open paths say nothing."""

    def enter(self, scope: Any, send: Send) -> Send:
        """Before anything else: note in the request's state what the dialect needs to know of it,
        and return what its answer is sent by. Raises nothing."""

    def refused(self, scope: Any, exception: Exception) -> ErrorResponse:
        """Any exception in its own words; 500 for what nobody foresaw."""

    def describe(self, document: dict[str, Any]) -> None:
        """Complete what Litestar knows of its routes in the OpenAPI document, in place."""
