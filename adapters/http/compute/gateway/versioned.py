"""Schemas that change with the microversion: which one holds at which."""

from __future__ import annotations

from adapters.http.compute.gateway.microversions import OLDEST, V
from adapters.http.compute.gateway.parameters import NO_QUERY, NO_QUERY_STRICT, Schema
from adapters.http.compute.gateway.validation import Checked

Schemas = dict[V, Schema]
"""Each holds from its microversion on, until the next one."""

# From 2.102 on, nothing is taken in a query that a route does not know.
QUERY: Schemas = {OLDEST: NO_QUERY, V(2, 102): NO_QUERY_STRICT}


class Versioned:
    """One schema for each range of microversions, each compiled once."""

    def __init__(self, schemas: Schemas) -> None:
        self._checked = [(since, Checked(schema)) for since, schema in sorted(schemas.items())]
        self.schemas = schemas

    def __call__(self, at: V) -> Checked | None:
        found = None
        for since, checked in self._checked:
            if since > at:
                break
            found = checked
        return found
