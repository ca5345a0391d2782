"""All routes of every dialect, which of them are open, and the rules of the others."""

from __future__ import annotations

from adapters.http.dialects import dialects
from adapters.http.gateway.rules import ruled
from adapters.settings import Settings

DIALECTS = dialects(Settings(dsn=""))
ROUTES = [route for dialect in DIALECTS for route in dialect.routes]
OPEN = frozenset[str]().union(*(dialect.open_paths for dialect in DIALECTS))
RULED = ruled(ROUTES)
"""The rule in policy.cedar of each route, and of each action that shares one."""
