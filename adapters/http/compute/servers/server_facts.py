"""Single facts about a server, as Nova tells them: its zone, its host's status, its name there."""

from __future__ import annotations

from datetime import datetime

from adapters.http.compute.gateway.calls import Call
from domain.hosts.host import Host
from domain.server import Server
from projections.servers import ServerRow


def zone_of(call: Call, server: Server) -> str:
    host = call.reads.models.catalogue.get(Host, server.host)
    return host.state.terms.zone if host else server.spec.zone


def host_status(call: Call, row: ServerRow) -> str:
    """A host that takes no more servers is one that Nova would call disabled."""
    host = call.reads.models.catalogue.get(Host, row.state.host)
    if not row.state.host or host is None:
        return ""
    if not host.state.terms.enabled:
        return "MAINTENANCE"
    return "UP" if host.state.capacity else "UNKNOWN"


def instance_name(row: ServerRow) -> str:
    """What its hypervisor calls one that was built here."""
    return f"ullage-{row.id}" if row.state.spec.image else row.state.name


def terminated(row: ServerRow) -> datetime | None:
    """Not when one could not be built: it is there until it is deleted."""
    return None if row.state.fault else row.terminated
