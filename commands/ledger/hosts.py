"""The hosts of the region as a decision sees them: those in the log."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from commands.command import Log
from commands.ledger import groups
from domain.hosts.host import Host
from domain.hosts.neighbours import Neighbours
from domain.hosts.placement import Candidate
from domain.hosts.pool import Pool
from domain.server import Server


class HostsOf:
    """Implements :class:`domain.way.Hosts` over the log, for one server."""

    def __init__(self, log: Log, server: UUID) -> None:
        self._log = log
        self._server = server

    def host(self, name: str) -> Host:
        return self._log.open(Host, name).state

    def pool(self, name: str) -> Iterable[Candidate]:
        return [
            Candidate(host, self._log.open(Host, host).state)
            for host in self._log.open(Pool, name).state.hosts
        ]

    def neighbours(self, server: Server) -> Neighbours | None:
        return groups.neighbours(self._log, server.spec.group, self._server)
