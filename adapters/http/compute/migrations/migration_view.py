"""A migration as the Compute API shows it, in each microversion.

Flavors here have no numbers, and nobody counts the bytes that went: those are null, as they may be.
"""

from __future__ import annotations

from typing import Any

from adapters.http.compute.gateway.links import Links
from adapters.http.compute.gateway.microversions import V
from adapters.http.compute.visible import stamp
from projections.migrations import Migration

_BYTES = {
    f"{what}_{how}_bytes": None
    for what in ("memory", "disk")
    for how in ("total", "processed", "remaining")
}


def listed(migration: Migration, at: V, links: Links) -> dict[str, Any]:
    """One of all."""
    shown = _common(migration, at) | {
        "instance_uuid": str(migration.server),
        "old_instance_type_id": None,
        "new_instance_type_id": None,
    }
    if at >= V(2, 23):
        shown["migration_type"] = migration.type
        if is_under_way(migration):
            collection = f"servers/{migration.server}/migrations"
            shown["links"] = links.both(collection, str(migration.position))
    return shown


def of_server(migration: Migration, at: V) -> dict[str, Any]:
    """One of a server's that are under way."""
    return _common(migration, at) | {"server_uuid": str(migration.server)} | _BYTES


def is_under_way(migration: Migration) -> bool:
    """Nova tells of live migrations only."""
    return migration.type == "live-migration" and migration.status == "running"


def _common(migration: Migration, at: V) -> dict[str, Any]:
    host, to_host = migration.host, migration.to_host or migration.host
    shown: dict[str, Any] = {
        "id": migration.position,
        "source_compute": host,
        "source_node": host,
        "dest_compute": to_host,
        "dest_node": to_host,
        "dest_host": None,
        "status": migration.status,
        "created_at": stamp(migration.created),
        "updated_at": stamp(migration.updated),
    }
    if at >= V(2, 59):
        shown["uuid"] = migration.uuid
    if at >= V(2, 80):
        shown |= {"user_id": migration.by, "project_id": migration.project}
    return shown
