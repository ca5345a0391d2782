"""All routes of the Compute door."""

from __future__ import annotations

from adapters.http.compute import discovery, flavors

ROUTES = (
    discovery.list_versions,
    discovery.show_version,
    flavors.list_flavors,
    flavors.list_flavors_in_detail,
    flavors.show_flavor,
)
