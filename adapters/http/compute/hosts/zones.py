"""/os-availability-zone: where servers may be asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from adapters.http.compute.gateway.calls import Call
from adapters.http.compute.gateway.microversions import OLDEST
from adapters.http.compute.gateway.parameters import TEXT, Schema, array, obj
from adapters.http.compute.gateway.routes import route
from adapters.http.compute.gateway.versioned import Schemas
from adapters.http.compute.hosts.hypervisor_view import HostRow
from domain.hosts.host import Host

_RULE = "os_compute_api:os-availability-zone"

_FLAG: Schema = {"type": "boolean"}
_SERVICE = obj({"available": _FLAG, "active": _FLAG, "updated_at": {"type": ["string", "null"]}})
_HOSTS: Schema = {
    "type": ["object", "null"],
    "additionalProperties": {"type": "object", "additionalProperties": _SERVICE},
}


def _answer(hosts: Schema) -> Schemas:
    zone = obj({"zoneName": TEXT, "zoneState": obj({"available": _FLAG}), "hosts": hosts})
    return {OLDEST: obj({"availabilityZoneInfo": array(zone)})}


@route(
    "GET",
    "/os-availability-zone",
    name="compute_list_availability_zones",
    may="see",
    answer=_answer({"type": "null"}),
    rule=f"{_RULE}:list",
)
async def list_availability_zones(call: Call) -> Any:
    """The zones of the region's hosts."""
    zones = _zones(call)
    return _told((zone, _available(rows), None) for zone, rows in zones.items())


@route(
    "GET",
    "/os-availability-zone/detail",
    name="compute_list_availability_zones_in_detail",
    may="oversee",
    answer=_answer(_HOSTS),
    rule=f"{_RULE}:detail",
)
async def list_availability_zones_in_detail(call: Call) -> Any:
    """The same with their hosts."""
    return _told((zone, _available(rows), _hosts(rows)) for zone, rows in _zones(call).items())


def _zones(call: Call) -> dict[str, list[HostRow]]:
    """Those with an enabled host first, as Nova has them; each half by name."""
    found: dict[str, list[HostRow]] = {}
    for row in call.reads.models.catalogue.all(Host):
        found.setdefault(row.state.terms.zone, []).append(row)
    return dict(sorted(found.items(), key=lambda zone: (not _available(zone[1]), zone[0])))


def _told(zones: Iterable[tuple[str, bool, Any]]) -> dict[str, Any]:
    return {
        "availabilityZoneInfo": [
            {"zoneName": name, "zoneState": {"available": available}, "hosts": hosts}
            for name, available, hosts in zones
        ]
    }


def _available(rows: list[HostRow]) -> bool:
    return any(row.state.terms.enabled for row in rows)


def _hosts(rows: list[HostRow]) -> dict[str, Any] | None:
    """Nova leaves out what is disabled; a host is up once it has told what it has."""
    if not _available(rows):
        return None
    return {row.id: {"nova-compute": _service(row)} for row in rows if row.state.terms.enabled}


def _service(row: HostRow) -> dict[str, Any]:
    return {"available": row.state.capacity is not None, "active": True, "updated_at": None}
