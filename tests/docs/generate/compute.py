"""The page of the Compute API: what of OpenStack's is served, in which microversions, to whom."""

from __future__ import annotations

from adapters.http.compute.gateway.microversions import NEWEST
from adapters.http.compute.gateway.routes import ComputeRoute
from adapters.http.compute.served import ROUTES
from tests.docs.generate.routes import path, routed
from tests.docs.markdown import table


def page() -> str:
    rows = [
        (
            f"`{route.method}`",
            f"`{path(route.path)}`",
            str(route.since),
            "" if route.until == NEWEST else str(route.until),
            routed()[route.name].roles,
        )
        for route in _declared()
    ]
    return table(("method", "path", "since", "until", "roles"), rows)


def _declared() -> list[ComputeRoute]:
    found = (handler.opt.get("compute") for handler in ROUTES)
    return sorted((one for one in found if one), key=lambda one: (one.path, one.method))
