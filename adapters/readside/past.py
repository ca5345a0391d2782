"""The read models as they were at one position, folded from the log as far as they are asked
for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, LiteralString
from uuid import UUID

from adapters.eventlog.reader import LogReader
from commands.command import stream_id
from domain.hosts.server_group import ServerGroup
from domain.quota import ProjectQuota
from domain.quota.quota_class import DEFAULT, QuotaClass
from domain.server import Server
from domain.shared.resources import Amounts
from projections import past
from projections.catalogue import Catalogue, CatalogueRow
from projections.limits import Limits
from projections.servers import ServerRow, Servers

Select = Callable[[LiteralString, Mapping[str, Any]], list[Sequence[Any]]]
"""Rows of the tables, which only say which things there were."""


class Past:
    """The past at ``position``. Used by one thread. Raises what the reader and ``select`` raise."""

    def __init__(self, reader: LogReader, select: Select, position: int) -> None:
        self._reader = reader
        self._select = select
        self.position = position
        self.limits = Limits()
        self._loaded: set[str] = set()

    # Quotas

    def enter_class(self) -> None:
        """Load the default quota class."""
        found = self._reader.state_at(QuotaClass, stream_id(QuotaClass, DEFAULT), self.position)
        if found:
            self.limits.enter_class(found.state, found.version)

    def enter(self, project: str | None) -> None:
        """Load a project's quota and those of all projects above it."""
        while project is not None and project not in self._loaded:
            self._loaded.add(project)
            stream = stream_id(ProjectQuota, project)
            found = self._reader.state_at(ProjectQuota, stream, self.position)
            if found:
                self.limits.enter(project, found.state, found.version)
            project = found.state.parent if found else None

    def enter_trees(self) -> None:
        """Load the quotas of all projects that were in trees or shared something."""
        for (project,) in self._select(past.IN_TREES, {"position": self.position}):
            self.enter(project)

    def reserved(self, project: str, user: str | None) -> Amounts:
        """What was held for open changes of a project's servers, or of one user's in it."""
        busy = self._select(past.BUSY, {"project": project, "position": self.position})
        return self._servers(server for (server,) in busy).reserved(project, user)

    # Servers and groups

    def server(self, server: UUID) -> ServerRow | None:
        """The server as it was; None: it was not known yet."""
        return self._servers([server]).get(server)

    def servers(
        self,
        *,
        project: str | None,
        host: str | None,
        name: str | None = None,
        after: UUID | None,
        limit: int,
    ) -> list[ServerRow]:
        """Up to ``limit`` servers that existed then, by id, after the one named."""
        found: list[ServerRow] = []
        while len(found) < limit:
            values = {"project": project, "after": after, "limit": limit}
            ids = [row[0] for row in self._select(past.SERVERS, values | self._at)]
            there = sorted(self._servers(ids).all(), key=lambda row: row.id)
            found += [
                row
                for row in there
                if row.state.power != "gone"
                and host in {None, row.state.host}
                and name in {None, row.state.name}
            ]
            if len(ids) < limit:
                break
            after = ids[-1]
        return found[:limit]

    def group(self, group: UUID) -> CatalogueRow[ServerGroup] | None:
        """The server group as it was; None: it did not exist."""
        return self._groups([stream_id(ServerGroup, str(group))]).get(ServerGroup, str(group))

    def groups(
        self, *, project: str | None, after: str, limit: int
    ) -> list[CatalogueRow[ServerGroup]]:
        """Up to ``limit`` server groups that existed then, by id, after the one named."""
        values = {"project": project, "after": after, "limit": limit}
        streams = [row[0] for row in self._select(past.GROUPS, values | self._at)]
        return self._groups(streams).all(ServerGroup)

    @property
    def _at(self) -> dict[str, int]:
        return {"position": self.position}

    def _servers(self, ids: Iterable[UUID]) -> Servers:
        servers = Servers()
        streams = [stream_id(Server, str(one)) for one in ids]
        for fact in self._reader.facts_at(streams, self.position):
            servers.apply(fact)
        return servers

    def _groups(self, streams: Sequence[str]) -> Catalogue:
        groups = Catalogue()
        for fact in self._reader.facts_at(streams, self.position):
            groups.apply(fact)
        return groups
