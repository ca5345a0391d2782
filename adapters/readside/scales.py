"""A scale, and the hosts it concerns, as they were seen last: in the read models."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from adapters.readside.models import Models
from domain.catalogue.region_policy import POLICY, RegionPolicy
from domain.hosts.view import HostsView
from domain.scaling.assess import Scale
from domain.server import Server
from domain.shared.size import Size
from projections.servers import ServerRow


def hosts_of(models: Models, server: UUID) -> HostsView:
    """The hosts as they concern one server."""

    def look(kind: type[Any], id: str) -> Any:
        row = models.servers.get(UUID(id)) if kind is Server else models.catalogue.get(kind, id)
        return row.state if row else None

    return HostsView(look, server)


def scale_of(models: Models, row: ServerRow, to: Size) -> Scale:
    """All that bears on bringing the server to ``to``."""
    policy = models.catalogue.get(RegionPolicy, POLICY)
    return Scale(
        server=row.state,
        to=to,
        quota=models.limits.path(row.state.project, row.state.user),
        hosts=hosts_of(models, row.id),
        rules=policy.state if policy else RegionPolicy(),
        version=row.version,
    )
