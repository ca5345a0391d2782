"""Every route of every dialect, with the rule that it names and the roles that it is for."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from litestar.handlers import HTTPRouteHandler

from adapters.http.dialects import dialects
from adapters.http.gateway import rules
from adapters.settings import Settings


class Routed(NamedTuple):
    """``group`` is the rule in policy.cedar; empty where everybody may. ``where`` is its method
    and its path; empty for an action that shares a route with others."""

    action: str
    group: str
    where: str

    @property
    def roles(self) -> str:
        """As in ``admin, member``, each as code."""
        allowed = rules.roles(self.action, self.group) if self.group else []
        return ", ".join(f"`{role}`" for role in allowed)


@cache
def routed() -> dict[str, Routed]:
    """By the name of the action, in the order of the dialects."""
    found: dict[str, Routed] = {}
    for dialect in dialects(Settings(dsn="")):
        groups = rules.ruled(dialect.routes)
        where = {str(route.name): _where(route) for route in dialect.routes}
        for action in {**where, **groups}:
            found[action] = Routed(action, groups.get(action, ""), where.get(action, ""))
    return found


def path(of: str) -> str:
    """Without the kinds of its parameters."""
    return re.sub(r":\w+}", "}", of)


def _where(route: HTTPRouteHandler) -> str:
    (method,) = set(route.http_methods) - {"HEAD", "OPTIONS"}
    return f"{method} {path(min(route.paths))}"
