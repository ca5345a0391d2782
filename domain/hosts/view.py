"""The hosts of the region as whoever asks sees them: in the log, or in the read models."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar
from uuid import UUID

from domain.hosts.host import Host
from domain.hosts.neighbours import Neighbours, counted
from domain.hosts.placement import Candidate
from domain.hosts.pool import Pool
from domain.hosts.server_group import ServerGroup
from domain.server import Server

S = TypeVar("S", Host, Pool, ServerGroup, Server)


class Look(Protocol):
    """Looks a thing up by its kind and its id; None: it is not there."""

    def __call__(self, kind: type[S], id: str, /) -> S | None:
        """The thing as it is now."""


class HostsView:
    """The hosts as they concern one server."""

    def __init__(self, look: Look, server: UUID) -> None:
        self._look = look
        self._server = server

    def host(self, name: str) -> Host:
        """A host; one that nobody entered has not reported its capacity."""
        return self._look(Host, name) or Host()

    def pool(self, name: str) -> Iterable[Candidate]:
        """The hosts of a pool; none if there is no such pool."""
        pool = self._look(Pool, name)
        return [Candidate(host, self.host(host)) for host in pool.hosts] if pool else []

    def neighbours(self, group: UUID | None) -> Neighbours | None:
        """The other members of the server's group; None: it is in no group that is still there."""
        found = self._look(ServerGroup, str(group)) if group else None
        if found is None or found.deleted:
            return None
        others = [self._look(Server, str(one)) for one in found.servers() if one != self._server]
        places = [set(one.placed()) for one in others if one]
        return counted(found.policy, found.max_server_per_host, places)
