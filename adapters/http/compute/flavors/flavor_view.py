"""A flavor as the Compute API shows it, in each microversion."""

from __future__ import annotations

from typing import Any

from adapters.http.compute.gateway.links import Links
from adapters.http.compute.gateway.microversions import V
from commands.catalogue.create_flavor import FlavorRecorded
from domain.catalogue.flavor import Flavor
from projections.catalogue import CatalogueRow

FlavorRow = CatalogueRow[Flavor]
Shown = Flavor | FlavorRecorded


def basic(id: str, flavor: Shown, at: V, links: Links) -> dict[str, Any]:
    shown: dict[str, Any] = {"id": id, "name": flavor.name, "links": links.both("flavors", id)}
    if at >= V(2, 55):
        shown["description"] = flavor.description or None
    return shown


def whole(id: str, flavor: Shown, at: V, links: Links) -> dict[str, Any]:
    shown = basic(id, flavor, at, links) | {
        "ram": flavor.memory_mib,
        "disk": flavor.disk_gib,
        "swap": flavor.swap_mib or (0 if at >= V(2, 75) else ""),
        "OS-FLV-EXT-DATA:ephemeral": flavor.ephemeral_gib,
        "vcpus": flavor.vcpus,
        "os-flavor-access:is_public": flavor.public,
    }
    if at >= V(2, 61):
        shown["extra_specs"] = flavor.extra_specs
    if at < V(2, 102):
        shown |= {"OS-FLV-DISABLED:disabled": False, "rxtx_factor": flavor.rxtx_factor}
    return shown


def accesses(id: str, projects: tuple[str, ...]) -> dict[str, Any]:
    """Who sees a private flavor."""
    return {"flavor_access": [{"flavor_id": id, "tenant_id": project} for project in projects]}
