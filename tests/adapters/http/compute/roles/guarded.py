"""All that the Compute door lets only some do: its routes, and the actions that share one."""

from __future__ import annotations

from adapters.http.compute.gateway.routes import ComputeRoute, declared
from adapters.http.compute.served import ROUTES
from tests.adapters.http.kit.served import OPEN

_ROUTES = {str(one.name): declared(one) for one in ROUTES if not one.paths <= OPEN}
_ACTIONS = {
    action.name: (route, action) for route in _ROUTES.values() for action in route.actions.values()
}
GUARDED = sorted(_ROUTES.keys() | _ACTIONS.keys())

NO_ACTION = {route.name for route in _ROUTES.values() if route.actions}
"""They do nothing themselves: asked with an action that there is not, they say so."""


def route_of(name: str) -> ComputeRoute:
    """Of an action that which it shares with others."""
    return _ACTIONS[name][0] if name in _ACTIONS else _ROUTES[name]


def path_of(name: str) -> str:
    return route_of(name).path


def rule_of(name: str) -> str:
    """What a refusal calls it."""
    rule = _ACTIONS[name][1].rule if name in _ACTIONS else _ROUTES[name].rule
    return rule or name


def success(name: str) -> int:
    """The status of its answer when all is well."""
    if name in NO_ACTION:
        return 400
    return _ACTIONS[name][1].status if name in _ACTIONS else _ROUTES[name].status
