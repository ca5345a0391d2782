"""The hosts of the region as they were seen last: those in the read model."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from adapters.readside.models import Models
from domain.hosts.host import Host
from domain.hosts.neighbours import Neighbours, counted
from domain.hosts.placement import Candidate
from domain.hosts.pool import Pool
from domain.hosts.server_group import ServerGroup
from domain.server import Server


class HostsSeen:
    """Implements :class:`domain.way.Hosts` over the read models, for one server."""

    def __init__(self, models: Models, server: UUID) -> None:
        self._models = models
        self._server = server

    def host(self, name: str) -> Host:
        row = self._models.catalogue.get(Host, name)
        return row.state if row else Host()

    def pool(self, name: str) -> Iterable[Candidate]:
        pool = self._models.catalogue.get(Pool, name)
        return [Candidate(host, self.host(host)) for host in pool.state.hosts] if pool else []

    def neighbours(self, server: Server) -> Neighbours | None:
        if (id_ := server.spec.group) is None:
            return None
        group = self._models.catalogue.get(ServerGroup, str(id_))
        if group is None:
            return None
        others = (self._models.servers.get(one) for one in group.state.servers())
        places = [set(one.state.placed()) for one in others if one and one.id != self._server]
        return counted(group.state.policy, group.state.max_server_per_host, places)
