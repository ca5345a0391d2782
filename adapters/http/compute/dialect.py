"""The OpenStack Compute API, under /compute/v2.1: what Nova's clients ask, in Nova's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from litestar.handlers import HTTPRouteHandler
from litestar.types import Send

from adapters.http.compute.gateway import entering
from adapters.http.compute.gateway.entering import BASE, DISCOVERY, PREFIX
from adapters.http.compute.gateway.faults import fault
from adapters.http.compute.gateway.routes import rule_of
from adapters.http.compute.served import ROUTES
from adapters.http.dialect import ErrorResponse


@dataclass(frozen=True)
class Compute:
    """Implements adapters.http.dialect.Dialect. ``over_quota``: the code by which it says that a
    quota is exceeded."""

    prefix: ClassVar[str] = PREFIX
    open_paths: ClassVar[frozenset[str]] = DISCOVERY | {BASE, f"{BASE}/"}
    routes: ClassVar[Sequence[HTTPRouteHandler]] = ROUTES

    over_quota: int = 403

    def enter(self, scope: Any, send: Send) -> Send:
        return entering.enter(scope, send)

    def refused(self, scope: Any, exception: Exception) -> ErrorResponse:
        return fault(exception, rule=rule_of(scope), over_quota=self.over_quota)

    def describe(self, document: dict[str, Any]) -> None:
        """It has a description of its own for each microversion: gateway/schema.py."""
