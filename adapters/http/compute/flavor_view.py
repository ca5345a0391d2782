"""A flavor as the Compute API shows it, in each microversion."""

from __future__ import annotations

from typing import Any

from adapters.http.compute.links import Links
from adapters.http.compute.microversions import V
from domain.flavor import Flavor
from projections.catalogue import CatalogueRow

Row = CatalogueRow[Flavor]


def basic(row: Row, at: V, links: Links) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": row.id,
        "name": row.state.name,
        "links": links.both("flavors", row.id),
    }
    if at >= V(2, 55):
        shown["description"] = row.state.description or None
    return shown


def whole(row: Row, at: V, links: Links) -> dict[str, Any]:
    flavor = row.state
    shown = basic(row, at, links) | {
        "ram": flavor.memory_mib,
        "disk": flavor.disk_gib,
        "swap": 0 if at >= V(2, 75) else "",
        "OS-FLV-EXT-DATA:ephemeral": 0,
        "vcpus": flavor.vcpus,
        "os-flavor-access:is_public": flavor.public,
    }
    if at >= V(2, 61):
        shown["extra_specs"] = flavor.extra_specs
    if at < V(2, 102):
        shown |= {"OS-FLV-DISABLED:disabled": False, "rxtx_factor": 1.0}
    return shown
